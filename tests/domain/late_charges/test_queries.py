"""Queries: the working behind a debit note, and interest that is not charged yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.late_charges import queries
from domain.receivables.model import Invoice
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.builders import money
from tests.support.lateness import Overdue


def test_the_working_of_a_debit_note_says_how_it_came_to_its_amount(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    debt.go_to(date(2026, 3, 11))
    debt.pay("400", date(2026, 3, 11))
    debt.charge(date(2026, 4, 1))
    second = debt.charges[-1].debit_note_id

    with db.reading() as session:
        working = queries.working_of(session, second)
        assert queries.working_of(session, debt.invoice_id) is None

    assert working is not None
    assert [(row.days, row.principal, row.rate) for row in working.rows] == [
        (39, money("1000"), Decimal("36.5")),
        (21, money("600"), Decimal("36.5")),
    ]
    assert (working.accrued, working.charged_before, working.charged) == (
        money("51.60"),
        money("29"),
        money("22.60"),
    )


def test_interest_that_is_not_charged_yet_is_known_before_it_is(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    debt.go_to(date(2026, 3, 4))

    with db.reading() as session:
        found = queries.accruing(session, session.get_one(Invoice, debt.invoice_id))

    assert found is not None
    assert (found.accrued, found.charged, found.to_add) == (money("32"), money("29"), money("3"))
