"""Reconciling: one posting for one success, in whatever way the news comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_books
from domain.ledger.model import ENTRIES
from domain.outbox.model import OutboxMessage
from domain.payments import queries
from domain.payments.model import PaymentStatus
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, IntentSnapshot, IntentState
from domain.processing.reconciling.payments import reconcile_charge, reconcile_checkout, reconcile_intent
from domain.receivables.ageing import ageing_of
from domain.receivables.queries import totals
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from domain.shared.money import Money
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.ledgers import owed_on
from tests.support.paying import a_debt, open_minor, open_page, start, succeed


def entries(db: Database) -> int:
    """How many entries the ledger has."""
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(ENTRIES)) or 0


def balance(db: Database, ledger_account: LedgerAccount) -> Money:
    """The balance of a ledger account in pounds."""
    with db.reading() as session:
        return balances.balance_of(session, ledger_account, "GBP")


def test_a_success_is_posted_settled_and_receipted_once(db: Database) -> None:
    debt, processor = a_debt(db, "120", "30"), FakeProcessor()
    wanted = {debt.invoices[0]: money("120"), debt.invoices[1]: money("10")}
    started = open_page(db, processor, debt, wanted)

    succeed(db, started.public_id, money("130"))
    before = entries(db)
    succeed(db, started.public_id, money("130"))

    assert entries(db) == before
    assert [open_minor(db, invoice) for invoice in debt.invoices] == [0, 2000]
    with db.reading() as session:
        payment = queries.by_public_id(session, started.public_id)
        assert payment.status is PaymentStatus.SUCCEEDED
        assert payment.receipt_number == "RCT-000001"
        assert not queries.live_claims(session, debt.invoices)
        receipts = session.scalar(select(func.count()).where(OutboxMessage.kind == "send_receipt"))
        assert receipts == 1
        assert balances.receivable(session, debt.account_id) == money("20")


def test_the_fee_leaves_clearing_and_nothing_awaits_settlement(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    succeed(db, started.public_id, money("120"))

    assert balance(db, LedgerAccount.AWAITING_SETTLEMENT) == money("0")
    assert balance(db, LedgerAccount.PROCESSOR_FEES) == money("3.78")
    assert balance(db, LedgerAccount.CARD_CLEARING) == money("116.22")


def test_the_movement_may_come_later_and_twice(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.transaction() as session:
        whole = a_success(started.public_id, money("120"), now(session))
        assert whole.charge is not None
        reconcile_intent(session, replace(whole, charge=replace(whole.charge, movement=None)))
    awaiting = balance(db, LedgerAccount.AWAITING_SETTLEMENT)

    for _ in range(2):
        with db.transaction() as session:
            reconcile_charge(session, whole.charge)

    assert awaiting == money("120")
    assert balance(db, LedgerAccount.AWAITING_SETTLEMENT) == money("0")
    assert balance(db, LedgerAccount.CARD_CLEARING) == money("116.22")


def test_a_charge_that_settles_in_another_currency_passes_through_currency_exchange(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.transaction() as session:
        whole = a_success(started.public_id, money("120"), now(session))
        assert whole.charge is not None
        assert whole.charge.movement is not None
        movement = replace(whole.charge.movement, amount=Money(15189, "USD"), fee=Money(477, "USD"))

        reconcile_intent(session, replace(whole, charge=replace(whole.charge, movement=movement)))

        assert balances.balance_of(session, LedgerAccount.CURRENCY_EXCHANGE, "GBP") == money("120")
        assert balances.balance_of(session, LedgerAccount.CURRENCY_EXCHANGE, "USD") == Money(-15189, "USD")
        assert balances.balance_of(session, LedgerAccount.CARD_CLEARING, "USD") == Money(14712, "USD")
        assert balances.balance_of(session, LedgerAccount.AWAITING_SETTLEMENT, "GBP") == money("0")


def test_a_decline_inside_the_page_is_noted_and_is_not_the_end(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    declined = IntentSnapshot(
        intent_id="pi_1",
        payment_id=started.public_id,
        installation="quittance",
        state=IntentState.WAITING,
        amount=money("120"),
        charge=None,
        failure="The bank declined the card.",
        tried_with="Visa •••• 0002",
    )

    with db.transaction() as session:
        reconcile_intent(session, declined)
    with db.reading() as session:
        payment = queries.by_public_id(session, started.public_id)
        noted = (payment.status, payment.failure, payment.means)
        claimed = len(queries.live_claims(session, debt.invoices))
    succeed(db, started.public_id, money("120"))

    assert noted == (PaymentStatus.PENDING, "The bank declined the card.", "Visa •••• 0002")
    assert claimed == 1
    with db.reading() as session:
        payment = queries.by_public_id(session, started.public_id)
        assert (payment.failure, payment.means) == (None, "Visa 4242")
    assert open_minor(db, debt.invoices[0]) == 0


def test_old_news_never_moves_a_success_back(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("120"))

    with db.transaction() as session:
        old = a_success(started.public_id, money("120"), now(session))
        reconcile_intent(session, replace(old, state=IntentState.PROCESSING, charge=None))
        reconcile_checkout(
            session,
            CheckoutSnapshot("cs_1", started.public_id, "quittance", CheckoutState.EXPIRED, None, None),
        )

        assert queries.by_public_id(session, started.public_id).status is PaymentStatus.SUCCEEDED


def test_a_success_wins_over_our_own_expiry_and_what_was_paid_meanwhile_becomes_credit_and_a_task(
    db: Database,
) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    first = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.transaction() as session:
        expired = CheckoutSnapshot("cs_1", first.public_id, "quittance", CheckoutState.EXPIRED, None, None)
        reconcile_checkout(session, expired)
    second = start(db, processor, debt, {debt.invoices[0]: money("120")})

    succeed(db, second.public_id, money("120"), intent_id="pi_2")
    succeed(db, first.public_id, money("120"), intent_id="pi_1")

    with db.reading() as session:
        assert totals(session, debt.account_id, "GBP").credit == money("120")
        task = session.scalars(select(Task)).one()
        assert (task.kind, task.worth_minor) == (TaskKind.SURPLUS, 12000)
        assert balances.receivable(session, debt.account_id) == money("-120")


def test_another_amount_than_asked_is_booked_apart_and_somebody_has_to_look(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    for _ in range(2):
        succeed(db, started.public_id, money("12"))

    assert open_minor(db, debt.invoices[0]) == 12000
    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == money("-12")
    with db.reading() as session:
        assert session.scalars(select(Task.kind)).one() is TaskKind.PAYMENT_MISMATCH


def test_money_of_another_system_on_the_same_processor_account_is_booked_apart(db: Database) -> None:
    for _ in range(2):
        with db.transaction() as session:
            foreign = a_success("not-ours", money("50"), now(session), installation="another")
            assert reconcile_intent(session, foreign) is None

    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == money("-50")
    assert balance(db, LedgerAccount.CARD_CLEARING) == money("48.25")
    with db.reading() as session:
        assert session.scalars(select(Task.kind)).all() == [TaskKind.FOREIGN_RECEIPT]


def test_a_decline_read_before_the_success_changes_nothing_after_it(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("120"))

    with db.transaction() as session:
        old = a_success(started.public_id, money("120"), now(session))
        reconcile_intent(session, replace(old, state=IntentState.WAITING, charge=None, failure="Declined."))

    with db.reading() as session:
        assert queries.by_public_id(session, started.public_id).failure is None


def test_a_bank_debit_that_fails_days_later_frees_the_invoice(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    complete = CheckoutSnapshot("cs_1", started.public_id, "quittance", CheckoutState.COMPLETE, None, "pi_1")
    with db.transaction() as session:
        way = replace(a_success(started.public_id, money("120"), now(session)), charge=None)
        reconcile_checkout(session, complete, replace(way, state=IntentState.PROCESSING))
        claimed = len(queries.live_claims(session, debt.invoices))

    with db.transaction() as session:
        reconcile_checkout(session, complete, replace(way, state=IntentState.WAITING, failure="No money there."))

    with db.reading() as session:
        payment = queries.by_public_id(session, started.public_id)
        assert claimed == 1
        assert (payment.status, payment.failure) == (PaymentStatus.FAILED, "No money there.")
        assert not queries.live_claims(session, debt.invoices)


def test_money_that_came_in_a_closed_period_counts_from_the_first_open_day_everywhere(
    db: Database, clock: MovableClock
) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.transaction() as session:
        success = a_success(started.public_id, money("120"), now(session))
        closed = today(session)
    clock.advance(days=1)
    with db.transaction() as session:
        close_books(session, closed)

    with db.transaction() as session:
        reconcile_intent(session, success)

        assert ageing_of(session, debt.account_id, closed).total == money("120")
        assert owed_on(session, debt.account_id, closed) == money("120")
        assert ageing_of(session, debt.account_id, closed + timedelta(days=1)).total == money("0")
