"""Balances: now, as of any day, and as known on any day; and what moved them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of, movements, receivable, trial_balance
from domain.ledger.chart import LedgerAccount
from domain.ledger.sealing import seal
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from domain.shared.money import Money
from tests.support.entries import open_accounts, post_payment, post_sale

MARCH = date(2026, 3, 31)


def pounds(minor: int) -> Money:
    """An amount in pounds."""
    return Money(minor, "GBP")


def owed(session: Session, *, as_of: date, known_on: date | None = None) -> int:
    """What all accounts owed in pounds, in pence."""
    return balance_of(session, LedgerAccount.RECEIVABLE, "GBP", as_of=as_of, known_on=known_on).minor


def test_an_account_without_a_stream_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.reading() as session:
        receivable(session, 1)


def test_a_new_account_owes_nothing(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)

        assert receivable(session, 1) == pounds(0)


def test_a_balance_as_of_a_day_counts_what_took_effect_by_its_end(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2)
        post_sale(session, 1, 500, "I-1", on=date(2026, 3, 1))
        post_sale(session, 2, 999, "I-2", on=date(2026, 3, 1))
        post_payment(session, 1, 200, "P-1", on=date(2026, 3, 10))

        as_of = {day: owed(session, as_of=date(2026, 3, day)) for day in (1, 9, 10, 31)}

        assert owed(session, as_of=date(2026, 2, 28)) == 0
        assert as_of == {1: 1499, 9: 1499, 10: 1299, 31: 1299}
        assert receivable(session, 1) == pounds(300)


def test_a_balance_as_known_on_a_day_leaves_out_what_was_recorded_later(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 500, "I-1", on=date(2026, 3, 1))
    clock.move_to(datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    with db.transaction() as session:
        post_payment(session, 1, 200, "P-1", on=date(2026, 3, 10))

        known_on = {
            day: owed(session, as_of=date(2026, 3, 15), known_on=date(2026, 3, day)) for day in (15, 16, 19, 20)
        }

    assert known_on == {15: 0, 16: 500, 19: 500, 20: 300}


def test_a_day_ends_when_it_ends_for_the_business(db: Database, clock: MovableClock) -> None:
    clock.move_to(datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC))
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1", on=date(2026, 6, 30))
    clock.move_to(datetime(2026, 6, 30, 23, 0, 0, tzinfo=UTC))
    with db.transaction() as session:
        post_sale(session, 1, 7, "I-2", on=date(2026, 6, 30))

        known = owed(session, as_of=date(2026, 6, 30), known_on=date(2026, 6, 30))

    assert known == 100


def test_a_ledger_account_is_summed_as_of_a_day_and_as_known_on_a_day(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 500, "I-1", on=date(2026, 3, 1))
    clock.move_to(datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    with db.transaction() as session:
        post_sale(session, 1, 50, "I-2", on=date(2026, 3, 2))

        sales = LedgerAccount.SALES
        assert balance_of(session, sales, "GBP") == pounds(-550)
        assert balance_of(session, sales, "GBP", as_of=date(2026, 3, 1)) == pounds(-500)
        assert balance_of(session, sales, "GBP", known_on=date(2026, 3, 19)) == pounds(-500)
        assert balance_of(session, sales, "GBP", as_of=MARCH, known_on=date(2026, 3, 20)) == pounds(-550)
        assert balance_of(session, sales, "EUR") == Money(0, "EUR")


def test_a_present_balance_is_the_same_sealed_half_sealed_and_unsealed(db: Database) -> None:
    seen = []
    with db.transaction() as session:
        open_accounts(session, 1, 2)
        post_sale(session, 1, 500, "I-1", tax=50)
        post_sale(session, 2, 700, "I-2", tax=70)
        seen.append(trial_balance(session))
        seal(session)
        seen.append(trial_balance(session))
        post_payment(session, 1, 0 + 100, "P-1")
        half_sealed = trial_balance(session)
        seal(session)
        sealed = trial_balance(session)
        by_hand = trial_balance(session, as_of=MARCH)

    assert seen[0] == seen[1]
    assert half_sealed == sealed == by_hand
    assert {line.ledger_account.value: line.balance.minor for line in sealed} == {
        "receivable": 1_100,
        "sales": -1_080,
        "tax_payable": -120,
        "receipts_awaiting_settlement": 100,
    }


def test_a_trial_balance_as_of_a_day_leaves_out_what_came_later(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 500, "I-1", on=date(2026, 3, 1))
        post_payment(session, 1, 500, "P-1", on=date(2026, 3, 5))

        lines = trial_balance(session, as_of=date(2026, 3, 4))

    assert [(line.ledger_account.value, line.balance.minor) for line in lines] == [("receivable", 500), ("sales", -500)]


def test_movements_come_in_order_of_day_page_by_page(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2)
        for n, day in enumerate([5, 3, 9, 3, 30]):
            post_sale(session, 1, 100 + n, f"I-{n}", on=date(2026, 3, day))
        post_sale(session, 2, 999, "I-other", on=date(2026, 3, 3))
        post_payment(session, 1, 50, "P-1", on=date(2026, 3, 3))

        first, last = date(2026, 3, 3), date(2026, 3, 9)
        whole = movements(session, 1, first, last)
        page = movements(session, 1, first, last, limit=2)
        rest = movements(session, 1, first, last, after=(page[-1].effective_on, page[-1].entry_id))

    assert [(row.effective_on.day, row.kind, row.source, row.amount) for row in whole] == [
        (3, "invoice_issued", "I-1", 101),
        (3, "invoice_issued", "I-3", 103),
        (3, "card_payment", "P-1", -50),
        (5, "invoice_issued", "I-0", 100),
        (9, "invoice_issued", "I-2", 102),
    ]
    assert [*page, *rest] == list(whole)
