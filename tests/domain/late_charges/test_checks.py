"""Checks: what a late charge says must be what its paper and its working say."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert

from domain.late_charges.model import LateCharge
from domain.processing.checks import check_books
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.lateness import Overdue


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("changed", "code"), [({"amount_minor": 28_00}, "late_charge"), ({"accrued_minor": 30_00}, "late_charge_working")]
)
def test_a_charge_that_its_paper_or_its_working_contradicts_is_found(
    db: Database, clock: MovableClock, changed: dict[str, int], code: str
) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    (charge,) = debt.charges
    kept = {column.name: getattr(charge, column.name) for column in LateCharge.__table__.columns}
    with db.reading() as session:
        before = check_books(session)

    with db.transaction() as session:
        session.execute(insert(LateCharge).values(kept | {"id": 99, "through_on": date(2026, 3, 2)} | changed))

    with db.reading() as session:
        found = [(finding.code, finding.place) for finding in check_books(session)]
    assert before == []
    assert found == [(code, "99")]
