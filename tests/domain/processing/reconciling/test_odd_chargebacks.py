"""Chargebacks that are not ours, come in other currencies, late, early, or in words that we do not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from domain.chargebacks.states import ChargebackState
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_books
from domain.ledger.model import ENTRIES
from domain.processing.reconciling.payments import reconcile_intent
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.money import Money
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.contesting import (
    a_chargeback,
    a_paid_debt,
    balance,
    contest,
    open_tasks,
    owes,
    reconcile,
    reinstated,
    withdrawn,
)
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import a_debt, open_minor, open_page, succeed

CLEARING, FEES = LedgerAccount.CARD_CLEARING, LedgerAccount.PROCESSOR_FEES


def test_one_on_a_payment_that_is_not_ours_moves_foreign_receipts_and_asks_for_a_person(db: Database) -> None:
    chargeback = contest(db, "needs_response", "120", intent_id="pi_elsewhere")

    contest(db, "won", "120", intent_id="pi_elsewhere")

    assert (chargeback.account_id, chargeback.payment_id) == (None, None)
    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == money("0")
    assert balance(db, CLEARING) == money("-15")


def test_one_on_a_payment_of_another_amount_than_we_asked_for_touches_no_account(db: Database) -> None:
    debt = a_debt(db, "120")
    started = open_page(db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("130"))

    chargeback = contest(db, "needs_response", "130")

    assert chargeback.payment_id is not None
    assert chargeback.account_id is None
    assert owes(db, debt.account_id) == money("120")
    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == money("0")
    assert TaskKind.CHARGEBACK in open_tasks(db)


def test_one_that_comes_before_the_news_of_its_payment_waits_for_it_where_no_money_has_moved(db: Database) -> None:
    debt = a_debt(db, "120")
    started = open_page(db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
    early = contest(db, "warning_needs_response", "120")
    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money("120"), now(session)))

    late = contest(db, "needs_response", "120")

    assert early.account_id is None
    assert late.account_id == debt.account_id
    assert open_minor(db, debt.invoices[0]) == 12000


def test_one_that_settles_in_another_currency_gives_the_account_back_exactly_what_it_took(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    with db.reading() as session:
        at = now(session)
    out = withdrawn(Money(15000, "USD"), at)
    back = reinstated(Money(14800, "USD"), at)
    reconcile(db, a_chargeback("needs_response", money("120"), at, out))
    taken = owes(db, debt.account_id)

    reconcile(db, a_chargeback("won", money("120"), at, out, back))

    assert taken == money("120")
    assert owes(db, debt.account_id) == money("0")
    assert balance(db, CLEARING, "USD") == Money(-15000 - 1500 + 14800, "USD")
    assert balance(db, LedgerAccount.CURRENCY_EXCHANGE) == money("0")


def test_late_facts_go_into_the_open_period(db: Database, clock: MovableClock) -> None:
    debt, _ = a_paid_debt(db, "120")
    with db.reading() as session:
        at = now(session)
    clock.advance(days=30)
    with db.transaction() as session:
        close_books(session, date(2026, 3, 31))

    reconcile(db, a_chargeback("lost", money("120"), at, withdrawn(money("120"), at)))

    with db.reading() as session:
        entry = session.execute(
            select(ENTRIES.c.effective_on, ENTRIES.c.occurred_on).where(ENTRIES.c.kind == "chargeback")
        ).one()
    assert (entry.effective_on, entry.occurred_on) == (date(2026, 4, 1), date(2026, 3, 16))
    assert open_minor(db, debt.invoices[0]) == 12000


def test_a_word_that_we_do_not_know_changes_no_state_and_goes_to_a_person(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "under_review", "120")
    quiet = open_tasks(db)

    chargeback = contest(db, "arbitration_somewhere", "120")

    assert quiet == set()
    assert chargeback.state is ChargebackState.UNDER_REVIEW
    assert chargeback.processor_state == "arbitration_somewhere"
    assert open_tasks(db) == {TaskKind.CHARGEBACK}


def test_one_that_starts_with_an_unknown_word_is_kept_and_can_go_anywhere(db: Database) -> None:
    a_paid_debt(db, "120")
    unknown = contest(db, "arbitration_somewhere", "120")
    first = (unknown.state, open_tasks(db))

    chargeback = contest(db, "won", "120")

    assert first == (ChargebackState.UNKNOWN, {TaskKind.CHARGEBACK})
    assert chargeback.state is ChargebackState.WON


def test_a_movement_of_a_fee_alone_takes_nothing_from_the_account(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    with db.reading() as session:
        at = now(session)

    reconcile(db, a_chargeback("warning_needs_response", money("120"), at, withdrawn(money("0"), at)))

    assert owes(db, debt.account_id) == money("0")
    assert balance(db, FEES) == money("18.78")


def test_more_than_was_contested_in_another_currency_waits_in_suspense(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    with db.reading() as session:
        at = now(session)
    out = withdrawn(Money(15000, "USD"), at)
    more = replace(out, external_id="txn_more", fee=Money(0, "USD"))

    reconcile(db, a_chargeback("lost", money("120"), at, out, more))

    assert owes(db, debt.account_id) == money("120")
    assert balance(db, LedgerAccount.PROCESSOR_SUSPENSE, "USD") == Money(15000, "USD")
    assert TaskKind.MOVEMENT_UNKNOWN in open_tasks(db)


def test_a_task_that_was_finished_is_not_asked_for_again_without_news(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    with db.transaction() as session:
        session.scalars(select(Task)).one().done_at = now(session)

    contest(db, "needs_response", "120")

    assert open_tasks(db) == set()
