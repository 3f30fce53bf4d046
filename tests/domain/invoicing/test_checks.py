"""Checks: a discount that the ledger knows otherwise is found; one that shrank or fell is whole."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.model import EarlyDiscount
from domain.processing.checks import check_books
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.domain.processing.test_discounts import a_discounted, paid
from tests.support.builders import money


def test_a_discount_that_shrank_agrees_with_the_ledger(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        paid(session, account, invoice, "117.60")
        issue_credit_note(session, account, invoice, money("60"), reason="Half came broken", actor=OPERATOR)

        assert check_books(session) == []


@pytest.mark.tampers
def test_one_that_was_never_posted_is_found(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        paid(session, account, invoice, "117.60")
        granted = session.scalars(select(EarlyDiscount)).one()
        kept = {column.name: getattr(granted, column.name) for column in EarlyDiscount.__table__.columns}
        session.execute(insert(EarlyDiscount).values(kept | {"id": 99, "payment": "another", "number": None}))

        found = [(finding.code, finding.place, finding.expected, finding.found) for finding in check_books(session)]

        assert found == [("discount", "99", "240", "0"), ("discount_tax", "99", "40", "0")]
