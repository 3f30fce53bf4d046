"""Backfilling what resists: objects that others hold, movements of nothing, and news that never came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import backfilling as walking
from app.handlers import inbox, keeping, outbox
from app.handlers.backfilling import backfill, look_at_unfinished
from app.wired import Wired
from domain.chargebacks.model import Chargeback
from domain.chargebacks.states import ChargebackState
from domain.dunning.turns import Did
from domain.inbox import objects
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import PaymentStatus
from domain.payments.snapshots import CheckoutLine, CheckoutRequest, CustomerRequest, Movement
from domain.processing.checks import check_books
from domain.processing.reconciling.movements import reconcile_movement
from domain.shared.clock import MovableClock
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.paying import a_debt
from tests.support.refunding import Paid, again, ask
from tests.support.simulated import open_page, pay_unknown_to_the_books, payment
from tests.support.tasks import open_tasks

Deliver = Callable[[bytes, Mapping[str, str]], int]


@pytest.fixture(autouse=True)
def silence(simulator: Simulator) -> None:
    """No webhook ever comes, unless a test delivers it."""
    simulator.webhooks.hold()


def balance(wired: Wired, ledger_account: LedgerAccount) -> str:
    """A ledger account's balance in pounds."""
    with wired.database.reading() as session:
        return str(balances.balance_of(session, ledger_account, "GBP").decimal)


def kinds(wired: Wired) -> list[TaskKind]:
    """The kinds of the open tasks."""
    with wired.database.reading() as session:
        return [task.kind for task in open_tasks(session)]


def hear(wired: Wired, simulator: Simulator, deliver: Deliver) -> None:
    """Everything that waits here is sent, and everything that the simulator has to say arrives and is handled."""
    for _ in range(2):
        while outbox.handle_due(wired):
            pass
        simulator.settle()
        simulator.flush(deliver)
        while inbox.handle_due(wired):
            pass


def hold(wired: Wired, *refs: str | None) -> None:
    """Somebody else looks at these objects right now."""
    with wired.database.transaction() as session:
        for ref in refs:
            assert objects.take_object(session, ref or "", "somebody else")


@pytest.mark.parametrize("account", ["ours", "nobody's"])
def test_a_charge_that_somebody_else_looks_at_waits_and_is_then_booked_for_what_it_is(
    wired: Wired, simulator: Simulator, clock: MovableClock, account: str
) -> None:
    debt = a_debt(wired.database, "120.00")
    backfill(wired)
    pay_unknown_to_the_books(wired, simulator, debt.account_id if account == "ours" else 999_999)
    (charge,) = simulator.world.store.all("charge")
    hold(wired, charge["id"], charge["payment_intent"])

    busy = backfill(wired)
    untouched = balance(wired, LedgerAccount.CARD_CLEARING)
    clock.advance(hours=3)
    left = backfill(wired).left

    assert charge["balance_transaction"] in busy.left
    assert (untouched, left) == ("0.00", [])
    assert balance(wired, LedgerAccount.AWAITING_SETTLEMENT) == "0.00"
    assert kinds(wired) == [TaskKind.PAYMENT_RECOVERED if account == "ours" else TaskKind.FOREIGN_RECEIPT]
    with wired.database.reading() as session:
        assert check_books(session) == []


@pytest.mark.parametrize("category", ["fee", "something_new"])
def test_a_movement_of_nothing_is_known_and_keeps_nothing_else_from_the_books(
    wired: Wired, simulator: Simulator, category: str
) -> None:
    a_debt(wired.database, "120.00")
    backfill(wired)
    simulator.book(category, 0, "gbp")
    simulator.book("fee", -250, "gbp")

    found, once_more = backfill(wired), backfill(wired)

    assert (found.left, once_more.left) == ([], [])
    assert balance(wired, LedgerAccount.PROCESSOR_FEES) == "2.50"
    assert kinds(wired) == []


def test_a_movement_that_cannot_be_booked_keeps_nothing_else_from_the_books(
    wired: Wired, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_debt(wired.database, "120.00")
    backfill(wired)
    poison = simulator.book("fee", -100, "gbp")["id"]
    simulator.book("fee", -250, "gbp")

    def picky(session: object, movement: Movement) -> bool:
        if movement.external_id == poison:
            raise ValueError("nobody can book this")
        return reconcile_movement(session, movement)  # type: ignore[arg-type]

    monkeypatch.setattr(walking, "reconcile_movement", picky)

    found = backfill(wired)

    assert found.left == [poison]
    assert found.failed == Did(failures=1, error=f"{poison}: nobody can book this")
    assert balance(wired, LedgerAccount.PROCESSOR_FEES) == "2.50"


def test_a_lost_chargeback_of_whose_end_no_event_told_is_found(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    opened = open_page(wired, debt, "120.00")
    simulator.pay_session(opened.checkout_id or "")
    hear(wired, simulator, deliver)
    contested = simulator.dispute(payment(wired, opened.public_id).charge_id or "")
    hear(wired, simulator, deliver)
    clock.advance(days=2)
    backfill(wired)
    simulator.decide_dispute(contested["id"], won=False)
    clock.advance(hours=3)
    backfill(wired)

    look_at_unfinished(wired)

    with wired.database.reading() as session:
        assert session.scalars(select(Chargeback)).one().state is ChargebackState.LOST
    assert kinds(wired) == [TaskKind.CHARGEBACK_LOST]


def test_a_bank_debit_that_was_walked_past_while_it_was_on_its_way_can_be_refunded(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    opened = open_page(wired, debt, "120.00")
    simulator.pay_session_by_debit(opened.checkout_id or "", "00012345")
    simulator.settle()
    backfill(wired)
    clock.advance(days=4)
    hear(wired, simulator, deliver)
    made = payment(wired, opened.public_id)

    refund = ask(wired.database, Paid(debt, made.id, made.public_id), "50")
    hear(wired, simulator, deliver)

    assert made.status is PaymentStatus.SUCCEEDED
    assert again(wired.database, refund).refund_ref is not None
    assert balance(wired, LedgerAccount.FOREIGN_RECEIPTS) == "0.00"
    with wired.database.reading() as session:
        assert check_books(session) == []


def test_an_object_that_the_processor_cannot_show_keeps_nothing_else_from_its_turn(
    wired: Wired, simulator: Simulator
) -> None:
    debts = [a_debt(wired.database, "120.00") for _ in range(2)]
    opened = [open_page(wired, debt, "120.00") for debt in debts]
    for each in opened:
        simulator.pay_session(each.checkout_id or "")
    simulator.settle()
    first = wired.processor.checkout(opened[0].checkout_id or "").intent_id
    simulator.order_fault(Fault("answer", "GET", f"/v1/payment_intents/{first}", times=1000))

    found = backfill(wired)

    assert first in found.left
    assert payment(wired, opened[1].public_id).status is PaymentStatus.SUCCEEDED


def test_a_silent_payment_that_the_processor_cannot_show_keeps_no_other_from_its_turn(
    wired: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    debts = [a_debt(wired.database, "120.00") for _ in range(2)]
    opened = [open_page(wired, debt, "120.00") for debt in debts]
    for each in opened:
        simulator.pay_session(each.checkout_id or "")
    simulator.settle()
    clock.advance(hours=3)
    poison = f"/v1/checkout/sessions/{opened[0].checkout_id}"
    simulator.order_fault(Fault("answer", "GET", poison, times=1000))

    did = keeping.look_at_the_silent(wired)

    assert (did.done, did.failures) == (1, 1)
    assert payment(wired, opened[1].public_id).status is PaymentStatus.SUCCEEDED


def test_a_bank_debit_of_another_system_stands_apart_from_the_first_day(
    wired: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    a_debt(wired.database, "120.00")
    backfill(wired)
    theirs = CheckoutRequest(
        payment_id="theirs",
        installation="other",
        customer_id=wired.processor.create_customer(CustomerRequest(1, "other", "A-1", "Theirs", None), key="theirs"),
        lines=[CheckoutLine("I", money("75"))],
        success_url="http://127.0.0.1:1/paid",
        cancel_url="http://127.0.0.1:1/",
        expires_at=clock.now() + timedelta(minutes=60),
        language="en",
        account_id=1,
    )
    opened = wired.processor.open_checkout(wired.processor.compose_checkout(theirs), key="theirs:page")
    simulator.pay_session_by_debit(opened.checkout_id, "00012345")
    simulator.settle()
    backfill(wired)
    on_its_way = balance(wired, LedgerAccount.FOREIGN_RECEIPTS)
    clock.advance(days=4)
    simulator.settle()

    backfill(wired)

    assert (on_its_way, balance(wired, LedgerAccount.FOREIGN_RECEIPTS)) == ("-75.00", "-75.00")
    assert balance(wired, LedgerAccount.AWAITING_SETTLEMENT) == "0.00"
    assert kinds(wired) == [TaskKind.FOREIGN_RECEIPT]
