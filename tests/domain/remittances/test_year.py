"""A year of handoffs: commission recomputed, statements that reconcile to the cent, whole books."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.documents.storage import Store
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.processing.checks import check_books
from domain.remittances.statement import standing, statement
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.handoff_year import HandoffYear

EVERYTHING = {
    "sent",
    "paid to a partner",
    "paid to us",
    "bounced at a partner",
    "bounced with us",
    "recalled",
    "remittances",
    "wrong commissions",
    "differences accepted",
    "differences put right",
    "invoices",
    "wrong invoices",
    "costs accepted",
    "filed",
    "judgments",
    "dividends",
}


def assert_reconciles(db: Database, year: HandoffYear) -> None:
    """Each partner's statement is the year's own account, all of them are the ledger's, and a year is its months."""
    with db.reading() as session:
        day = today(session)
        sums = [Decimal(0), Decimal(0), Decimal(0)]
        for partner_id in year.partners:
            own, stand = year.ours[partner_id], standing(session, partner_id)["GBP"]
            assert (stand.due.decimal, stand.accrued.decimal, stand.payable.decimal) == (
                own.due,
                own.accrued,
                own.payable,
            )
            whole = statement(session, partner_id, "GBP", day.replace(year=day.year - 2), day)
            assert whole.closing == stand
            sums = [total + part for total, part in zip(sums, (own.due, own.accrued, own.payable), strict=True)]
        lines = (LedgerAccount.DUE_FROM_AGENCY, LedgerAccount.COMMISSION_ACCRUED, LedgerAccount.AGENCY_PAYABLE)
        ledger = [balance_of(session, line, "GBP").decimal for line in lines]
        assert [sums[0], -sums[1], -sums[2]] == ledger
        assert check_books(session) == []


def test_a_year_of_a_dozen_handoffs(db: Database, clock: MovableClock, store: Store) -> None:
    year = HandoffYear(db, clock, store, seed=8)

    year.live(12)

    assert_reconciles(db, year)


@pytest.mark.faults
def test_a_year_of_two_hundred_handoffs(db: Database, clock: MovableClock, store: Store) -> None:
    year = HandoffYear(db, clock, store, seed=11)

    year.live(200)

    assert_reconciles(db, year)
    assert set(year.happened) >= EVERYTHING
    print("\n" + "\n".join(f"{many:>5} {what}" for what, many in sorted(year.happened.items())))
