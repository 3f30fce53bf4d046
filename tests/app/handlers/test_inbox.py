"""Inbox: however the webhooks come, the books end the same, and each payment is posted once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import stripe

from adapters.stripe.simulator import Fault, Rule, Simulator
from adapters.stripe.simulator.events import SUBSCRIBED
from app.handlers import inbox as handlers
from app.handlers.inbox import LOOKS
from app.wired import Wired
from domain.inbox import queries as inbox
from domain.inbox.receiving import receive
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import PaymentStatus
from domain.processing.checks import check_books
from domain.shared.clock import MovableClock
from domain.shared.money import Money
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.paying import a_debt, open_minor
from tests.support.simulated import open_page, payment
from tests.support.tasks import open_tasks

Deliver = Callable[[bytes, Mapping[str, str]], int]


def handle_all(wired: Wired) -> None:
    """Handle until nothing is due."""
    while handlers.handle_due(wired):
        pass


def balance(wired: Wired, ledger_account: LedgerAccount) -> Money:
    """A ledger account's balance in pounds."""
    with wired.database.reading() as session:
        return balances.balance_of(session, ledger_account, "GBP")


def assert_books_agree(wired: Wired, simulator: Simulator) -> None:
    """The books are whole, and clearing is what the simulator says that it holds for us."""
    with wired.database.reading() as session:
        assert check_books(session) == []
    assert balance(wired, LedgerAccount.CARD_CLEARING).minor == simulator.truth().net.get("gbp", 0)
    assert balance(wired, LedgerAccount.AWAITING_SETTLEMENT).minor == simulator.truth().unsettled.get("gbp", 0)


def test_a_payment_is_posted_settled_and_its_fee_booked(wired: Wired, simulator: Simulator, deliver: Deliver) -> None:
    debt = a_debt(wired.database, "120.00", "30.00")
    paid = open_page(wired, debt, "120.00", "10.00")

    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()
    simulator.deliver_pending(deliver)
    handle_all(wired)

    after = payment(wired, paid.public_id)
    assert after.status is PaymentStatus.SUCCEEDED
    assert after.means == "Visa •••• 4242"
    assert [open_minor(wired.database, invoice) for invoice in debt.invoices] == [0, 2000]
    assert balance(wired, LedgerAccount.PROCESSOR_FEES) > money("0")
    assert_books_agree(wired, simulator)


@pytest.mark.parametrize(
    ("order", "copies", "seed"),
    [("made", 2, 0), ("reversed", 1, 0), ("reversed", 2, 0)] + [("shuffled", 2, seed) for seed in range(3)],
)
def test_doubled_and_reordered_webhooks_end_in_the_same_books(
    wired: Wired, simulator: Simulator, deliver: Deliver, order: str, copies: int, seed: int
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.webhooks.hold()
    simulator.pay_session(paid.checkout_id or "", card="4000000000000002")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()

    simulator.flush(deliver, order=order, seed=seed, copies=copies)  # type: ignore[arg-type]
    handle_all(wired)

    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert open_minor(wired.database, debt.invoices[0]) == 0
    assert simulator.charges_by_metadata("payment") == {paid.public_id: 1}
    assert_books_agree(wired, simulator)


def test_the_session_alone_brings_the_money_when_the_intents_own_webhook_is_lost(
    wired: Wired, simulator: Simulator, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.order_rule(Rule("drop", "payment_intent.succeeded"))

    simulator.pay_session(paid.checkout_id or "")
    simulator.deliver_pending(deliver)
    handle_all(wired)

    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert_books_agree(wired, simulator)


def test_a_decline_is_told_and_the_payment_can_still_succeed_in_the_same_session(
    wired: Wired, simulator: Simulator, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")

    simulator.pay_session(paid.checkout_id or "", card="4000000000009995")
    simulator.deliver_pending(deliver)
    handle_all(wired)
    declined = payment(wired, paid.public_id)
    simulator.pay_session(paid.checkout_id or "")
    simulator.deliver_pending(deliver)
    handle_all(wired)

    assert declined.status is PaymentStatus.PENDING
    assert "not enough money" in (declined.failure or "")
    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert payment(wired, paid.public_id).failure is None


def test_an_expired_page_frees_the_invoices(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    left = open_page(wired, debt, "120.00")

    clock.advance(hours=2)
    simulator.advance(seconds=1)
    simulator.deliver_pending(deliver)
    handle_all(wired)
    again = open_page(wired, debt, "120.00")

    assert payment(wired, left.public_id).status is PaymentStatus.CANCELED
    assert again.public_id != left.public_id


def test_money_of_another_system_on_the_same_account_is_booked_apart(
    wired: Wired, simulator: Simulator, deliver: Deliver
) -> None:
    client = stripe.StripeClient("sk_test_simulated", http_client=simulator.http_client())
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 999, "product_data": {"name": "Mug"}}}
            ],
            "success_url": "http://127.0.0.1:1/shop",
        }
    )

    simulator.pay_session(session.id)
    simulator.settle()
    simulator.deliver_pending(deliver)
    handle_all(wired)

    assert balance(wired, LedgerAccount.FOREIGN_RECEIPTS) == money("-9.99")
    with wired.database.reading() as reading:
        assert [task.kind for task in open_tasks(reading)] == [TaskKind.FOREIGN_RECEIPT]
    assert_books_agree(wired, simulator)


def test_an_event_that_cannot_be_handled_keeps_its_error_and_is_tried_again(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.deliver_pending(deliver)
    simulator.order_fault(Fault("answer", "GET", "/v1/payment_intents/*", status=500, times=100))

    handle_all(wired)
    waiting = payment(wired, paid.public_id).status
    simulator.faults.clear()
    clock.advance(minutes=1)
    handle_all(wired)

    assert waiting is PaymentStatus.PENDING
    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    with wired.database.reading() as session:
        assert inbox.counts(session) == {inbox.View.WAITING: 0, inbox.View.FAILED: 0}


def test_an_unknown_kind_is_noted_and_left_alone(wired: Wired) -> None:
    now = wired.database.clock.now()
    with wired.database.transaction() as session:
        receive(
            session, source="stripe", external_id="evt_9", kind="tax.settings.updated", object_ref="x", payload={},
            occurred_at=now,
        )  # fmt: skip

    handle_all(wired)

    with wired.database.reading() as session:
        assert len(inbox.events(session, inbox.View.HANDLED)) == 1


@pytest.mark.parametrize("kind", ["payment_intent.succeeded", "charge.dispute.created", "refund.failed", "payout.paid"])
def test_an_event_about_what_stripe_has_forgotten_is_noted_and_never_tried_again(wired: Wired, kind: str) -> None:
    with wired.database.transaction() as session:
        receive(
            session, source="stripe", external_id="evt_9", kind=kind, object_ref="gone_9", payload={},
            occurred_at=wired.database.clock.now(),
        )  # fmt: skip

    handle_all(wired)

    with wired.database.reading() as session:
        (event,) = inbox.events(session, inbox.View.HANDLED)
        kept = inbox.event(session, event.id)
        assert (kept.attempts, inbox.counts(session)[inbox.View.FAILED]) == (1, 0)
        assert "does not know the object" in (kept.last_error or "")


def test_the_simulator_tells_of_everything_that_makes_us_look() -> None:
    assert set(LOOKS) <= SUBSCRIBED


def test_the_documentation_registers_the_webhook_for_what_is_handled() -> None:
    text = (Path(__file__).parents[3] / "docs" / "stripe.md").read_text()

    documented = re.findall(r"^ {5}([a-z_]+(?:\.[a-z_]+)+)$", text, re.MULTILINE)

    assert documented == list(LOOKS)
    assert "payment_intent.created" not in LOOKS
