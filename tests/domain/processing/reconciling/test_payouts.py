"""Reconciling payouts: in transit, at the bank, back again; each once, in whatever order the news comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from sqlalchemy import func, select

from domain.clearing import queries
from domain.clearing.model import Payout
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_books
from domain.ledger.model import ENTRIES
from domain.payments.snapshots import PayoutSnapshot, PayoutState
from domain.processing.reconciling.payouts import payout_arrived, reconcile_payout
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from domain.shared.money import Money
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.clearing import a_movement, a_payout

WATCHED = (LedgerAccount.CARD_CLEARING, LedgerAccount.PAYOUTS_IN_TRANSIT, LedgerAccount.BANK)


def see(db: Database, *snapshots: PayoutSnapshot) -> Payout:
    """The processor says this, one after the other."""
    for snapshot in snapshots:
        with db.transaction() as session:
            payout = reconcile_payout(session, snapshot)
    return payout


def standing(db: Database) -> tuple[str, ...]:
    """What stands on clearing, in transit and at the bank."""
    with db.reading() as session:
        return tuple(str(balances.balance_of(session, one, "GBP").decimal) for one in WATCHED)


def said(db: Database, state: PayoutState, amount: str = "100") -> PayoutSnapshot:
    """A payout in this state, made now."""
    return a_payout(money(amount), db.clock.now(), state)


def test_a_payout_leaves_clearing_and_is_in_transit(db: Database) -> None:
    see(db, said(db, PayoutState.PENDING), said(db, PayoutState.IN_TRANSIT))

    assert standing(db) == ("-100.00", "100.00", "0.00")


def test_a_payout_that_is_paid_is_at_the_bank_once(db: Database) -> None:
    see(db, said(db, PayoutState.PAID), said(db, PayoutState.PAID))

    assert standing(db) == ("-100.00", "0.00", "100.00")


def test_the_bank_may_be_first_and_the_processors_word_adds_nothing(db: Database, clock: MovableClock) -> None:
    payout = see(db, said(db, PayoutState.IN_TRANSIT))
    with db.transaction() as session:
        first = payout_arrived(session, queries.payout(session, payout.id), date(2026, 3, 14), actor=OPERATOR)
    seen = see(db, said(db, PayoutState.PAID))
    with db.transaction() as session:
        second = payout_arrived(session, queries.payout(session, payout.id), date(2026, 3, 16), actor=OPERATOR)

    assert (first, second) == (True, False)
    assert (seen.state, seen.arrived_on) == (PayoutState.PAID, date(2026, 3, 14))
    assert standing(db) == ("-100.00", "0.00", "100.00")


@pytest.mark.parametrize("end", [PayoutState.FAILED, PayoutState.CANCELED])
def test_a_payout_that_comes_back_before_it_arrived_is_in_clearing_again(db: Database, end: PayoutState) -> None:
    see(db, said(db, PayoutState.IN_TRANSIT), said(db, end))

    assert standing(db) == ("0.00", "0.00", "0.00")


def test_a_payout_that_fails_after_it_was_paid_leaves_the_bank_and_asks_for_a_person(db: Database) -> None:
    payout = see(db, said(db, PayoutState.PAID), said(db, PayoutState.FAILED), said(db, PayoutState.FAILED))

    assert standing(db) == ("0.00", "0.00", "0.00")
    assert payout.undone_at is not None
    with db.reading() as session:
        task = session.scalars(select(Task)).one()
        assert (task.kind, task.subject_id, task.worth_minor) == (TaskKind.PAYOUT_FAILED, str(payout.id), 10000)
        changes = [(row.before, row.after) for row in queries.changes_of_payout(session, payout.id)]
    assert changes == [
        (None, PayoutState.PENDING),
        (PayoutState.PENDING, PayoutState.PAID),
        (PayoutState.PAID, PayoutState.FAILED),
    ]


def test_nothing_follows_a_failure(db: Database) -> None:
    payout = see(db, said(db, PayoutState.FAILED), said(db, PayoutState.PAID))

    assert payout.state is PayoutState.FAILED
    assert standing(db) == ("0.00", "0.00", "0.00")
    with pytest.raises(Conflict), db.transaction() as session:
        payout_arrived(session, queries.payout(session, payout.id), date(2026, 3, 16), actor=OPERATOR)


def test_a_failure_whose_movement_is_not_there_yet_waits_for_it(db: Database) -> None:
    failed = said(db, PayoutState.FAILED)
    see(db, said(db, PayoutState.PAID), replace(failed, failure_movement=None))
    before = standing(db)
    with db.reading() as session:
        waiting = queries.unfinished_payouts(session)

    see(db, failed)

    assert (before, waiting) == (("-100.00", "0.00", "100.00"), ["po_1"])
    assert standing(db) == ("0.00", "0.00", "0.00")
    with db.reading() as session:
        assert queries.unfinished_payouts(session) == []


def test_the_end_is_the_same_in_every_order(db: Database) -> None:
    lives = list(permutations([PayoutState.PENDING, PayoutState.IN_TRANSIT, PayoutState.PAID, PayoutState.FAILED]))

    for number, life in enumerate(lives):
        for state in life:
            see(db, a_payout(money("100"), db.clock.now(), state, ref=f"po_{number}"))

    assert standing(db) == ("0.00", "0.00", "0.00")
    with db.reading() as session:
        ends = session.scalars(select(Payout.state)).all()
        undone = session.scalar(
            select(func.count()).select_from(ENTRIES).where(ENTRIES.c.kind == "payout_arrival_undone")
        )
        arrived = session.scalar(select(func.count()).select_from(ENTRIES).where(ENTRIES.c.kind == "payout_arrived"))
    assert (len(lives), set(ends)) == (24, {PayoutState.FAILED})
    assert (arrived, undone) == (12, 12)


def test_money_that_the_processor_fetches_from_our_bank_goes_the_other_way(db: Database) -> None:
    see(db, said(db, PayoutState.PAID, "-40"))

    assert standing(db) == ("40.00", "0.00", "-40.00")


def test_a_payout_ties_when_what_the_processor_names_in_it_adds_up(db: Database) -> None:
    now = db.clock.now()
    sent = a_payout(money("96.50"), now, PayoutState.PAID, complete=True)
    assert sent.movement is not None
    named = [
        a_movement(money("100"), now, ref="txn_a", category="charge", fee=money("3")),
        a_movement(money("-0.50"), now, ref="txn_b"),
        sent.movement,
    ]

    with db.transaction() as session:
        half = reconcile_payout(session, sent, named[:1]).tied_at
    with db.transaction() as session:
        payout = reconcile_payout(session, sent, named)

    assert half is None
    assert payout.tied_at is not None
    with db.reading() as session:
        items = queries.items_of_payout(session, payout.id)
    assert [(row.external_id, row.net_minor, row.movement_id) for row in items] == [
        ("txn_a", 9700, None),
        ("txn_b", -50, None),
    ]


def test_a_payout_learned_after_the_books_were_closed_keeps_its_own_day(db: Database, clock: MovableClock) -> None:
    late = a_payout(money("100"), db.clock.now(), PayoutState.PAID)
    clock.advance(days=10)
    with db.transaction() as session:
        close_books(session, date(2026, 3, 20))

    see(db, late)

    with db.reading() as session:
        days = session.execute(select(ENTRIES.c.effective_on, ENTRIES.c.occurred_on).order_by(ENTRIES.c.id)).all()
        assert balances.balance_of(session, LedgerAccount.BANK, "GBP", as_of=date(2026, 3, 20)) == Money(0, "GBP")
    assert [tuple(row) for row in days] == [(date(2026, 3, 21), date(2026, 3, 16))] * 2
