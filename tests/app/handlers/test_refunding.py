"""Refunds through the whole: asked for, sent, told to the payer, failed late, made in the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select

from adapters.stripe.simulator import Fault, Simulator
from adapters.stripe.simulator.faults import Kind
from app.handlers import inbox, outbox
from app.handlers.backfilling import backfill
from app.handlers.refunding import end_unknown_refunds
from app.wired import Wired
from domain.clearing.model import BalanceTransaction
from domain.dunning.turns import Did
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.processing.reconciling.explaining import take_as_payment
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.shared.clock import MovableClock
from domain.shared.money import Money
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.outside import MemoryMail
from tests.support.paying import Debt, a_debt, open_minor
from tests.support.refunding import COLLEAGUE, Paid, again, ask
from tests.support.simulated import open_page, pay_unknown_to_the_books, payment

Deliver = Callable[[bytes, Mapping[str, str]], int]
REFUNDS = "/v1/refunds"
GOOD, REFUND_FAILS = "4242424242424242", "4000000000005126"
NOBODY = 4711
"""No account of ours."""


@pytest.fixture
def work(wired: Wired, simulator: Simulator, deliver: Deliver) -> Callable[[], None]:
    """Everything that is due is done: what the simulator has to say, and what our worker has to do."""

    def do() -> None:
        for _ in range(3):
            while outbox.handle_due(wired):
                pass
            simulator.settle()
            simulator.deliver_pending(deliver)
            while inbox.handle_due(wired):
                pass

    return do


def paid(wired: Wired, simulator: Simulator, work: Callable[[], None], card: str = GOOD) -> tuple[Paid, Payment]:
    """An invoice of 120 paid with that card."""
    debt: Debt = a_debt(wired.database, "120.00")
    opened = open_page(wired, debt, "120.00")
    simulator.pay_session(opened.checkout_id or "", card)
    work()
    made = payment(wired, opened.public_id)
    assert made.recorded_at is not None
    return Paid(debt, made.id, made.public_id), made


def stands(wired: Wired, ledger_account: LedgerAccount) -> Money:
    """A ledger account's balance in pounds."""
    with wired.database.reading() as session:
        return balances.balance_of(session, ledger_account, "GBP")


def assert_clearing_is_true(wired: Wired, simulator: Simulator) -> None:
    """Clearing is what the simulator says that it holds for us."""
    assert stands(wired, LedgerAccount.CARD_CLEARING).minor == simulator.truth().net.get("gbp", 0)


def subjects(wired: Wired) -> list[str]:
    """What the mails that went out say first, without receipts."""
    assert isinstance(wired.mailer, MemoryMail)
    return [mail.subject for mail in wired.mailer.sent if "eceipt" not in mail.subject]


def test_a_refund_goes_out_and_the_payer_is_told(wired: Wired, simulator: Simulator, work: Callable[[], None]) -> None:
    given, _ = paid(wired, simulator, work)

    refund = ask(wired.database, given, "50")
    work()

    assert again(wired.database, refund).status is RefundStatus.SUCCEEDED
    assert again(wired.database, refund).moved_at is not None
    assert open_minor(wired.database, given.debt.invoices[0]) == 5000
    assert subjects(wired) == ["Your refund of £50.00 from Your business is on its way"]
    assert_clearing_is_true(wired, simulator)


def test_a_refund_that_the_bank_sends_back_later_is_undone_and_told(
    wired: Wired, simulator: Simulator, work: Callable[[], None], clock: MovableClock
) -> None:
    given, _ = paid(wired, simulator, work, REFUND_FAILS)
    refund = ask(wired.database, given, "120")
    work()
    before = again(wired.database, refund).status

    simulator.advance(days=2)
    work()

    assert (before, again(wired.database, refund).status) == (RefundStatus.SUCCEEDED, RefundStatus.FAILED)
    assert open_minor(wired.database, given.debt.invoices[0]) == 0
    assert stands(wired, LedgerAccount.REFUNDS_IN_TRANSIT) == money("0")
    assert subjects(wired)[-1] == "Your refund of £120.00 from Your business could not be paid out"
    assert_clearing_is_true(wired, simulator)


def test_a_refund_made_in_the_dashboard_waits_for_an_explanation(
    wired: Wired, simulator: Simulator, work: Callable[[], None]
) -> None:
    given, made = paid(wired, simulator, work)

    simulator.refund(made.charge_id or "", 3000)
    work()

    with wired.database.reading() as session:
        found = session.scalars(select(Refund)).one()
        tasks = list(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))
    assert (found.source, found.outside) == (RefundSource.UNEXPLAINED, True)
    assert tasks == [TaskKind.REFUND_TO_EXPLAIN]
    assert open_minor(wired.database, given.debt.invoices[0]) == 0
    assert subjects(wired) == []
    assert_clearing_is_true(wired, simulator)


def test_a_foreign_receipt_that_was_taken_as_a_payment_is_refunded_by_its_charge(
    wired: Wired, simulator: Simulator, work: Callable[[], None]
) -> None:
    debt = a_debt(wired.database, "75.00")
    pay_unknown_to_the_books(wired, simulator, NOBODY)
    backfill(wired)
    with wired.database.transaction() as session:
        movement = session.scalars(select(BalanceTransaction)).one()
        taken = take_as_payment(session, movement.id, debt.account_id, reason="It is theirs", actor=COLLEAGUE)
    given = Paid(debt, taken.id, taken.public_id)

    refund = ask(wired.database, given, "50")
    work()

    assert (taken.intent_id, taken.charge_id) == (None, movement.source_ref)
    assert again(wired.database, refund).status is RefundStatus.SUCCEEDED
    assert open_minor(wired.database, debt.invoices[0]) == 5000
    assert_clearing_is_true(wired, simulator)


@pytest.mark.parametrize("kind", ["cut", "answer"])
def test_an_answer_that_was_lost_is_found_again_and_nothing_goes_back_twice(
    wired: Wired, simulator: Simulator, work: Callable[[], None], clock: MovableClock, kind: Kind
) -> None:
    given, _ = paid(wired, simulator, work)
    refund = ask(wired.database, given, "120")
    simulator.order_fault(Fault(kind, "POST", REFUNDS, times=3))
    simulator.order_fault(Fault("answer", "GET", REFUNDS, times=100))
    while outbox.handle_due(wired):
        pass
    lost = again(wired.database, refund).refund_ref

    clock.advance(minutes=2)
    simulator.clear()
    settled = end_unknown_refunds(wired)
    work()

    assert (lost, settled) == (None, Did(1))
    assert again(wired.database, refund).status is RefundStatus.SUCCEEDED
    assert_clearing_is_true(wired, simulator)
