"""Bank debits, PayPal and wallets: what takes days, what fails late, what is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import entries, paid, types_since

OpenSession = Callable[..., stripe.checkout.Session]
GOOD, BAD, LATE, TAKEN_BACK = "00012345", "22222227", "90012345", "55555559"


def test_a_debit_is_processing_for_days_and_then_paid(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    session = open_session(client)
    before = len(simulator.world.store.all("event"))
    simulator.pay_session_by_debit(session.id, GOOD)
    handed_in = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    at_first = types_since(simulator, before)
    clock.advance(days=3)

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})

    intent: Any = handed_in.payment_intent
    assert (handed_in.status, handed_in.payment_status) == ("complete", "unpaid")
    assert (intent.status, intent.latest_charge.status, intent.latest_charge.paid) == ("processing", "pending", False)
    assert at_first == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "checkout.session.completed",
    ]
    assert (done.payment_status, done.payment_intent.status) == ("paid", "succeeded")  # type: ignore[union-attr]
    assert types_since(simulator, before)[-3:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    assert entries(client, "charge")[0][:3] == ("payment", "charge", 12345)


def test_a_debit_that_fails_leaves_the_balance_as_it_was_but_for_the_fee(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    session = open_session(client)
    before = len(simulator.world.store.all("event"))
    simulator.pay_session_by_debit(session.id, BAD)
    clock.advance(days=3)

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})

    intent: Any = done.payment_intent
    charge = client.v1.charges.list().data[0]
    assert (done.status, done.payment_status, intent.status) == ("complete", "unpaid", "requires_payment_method")
    assert (intent.last_payment_error.code, charge.status, charge.failure_code) == (
        "insufficient_funds",
        "failed",
        "insufficient_funds",
    )
    assert charge.failure_balance_transaction is not None
    assert entries(client, "charge_failure")[0][:3] == ("payment_failure_refund", "charge_failure", -12345)
    assert types_since(simulator, before)[-3:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]


def test_some_debits_take_longer(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session_by_debit(open_session(client).id, LATE)

    statuses = []
    for days in (3, 4):
        clock.advance(days=days)
        statuses.append(client.v1.payment_intents.list().data[0].status)

    assert statuses == ["processing", "succeeded"]


def test_a_debit_that_was_paid_can_be_taken_back_for_good(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session_by_debit(open_session(client).id, TAKEN_BACK)
    clock.advance(days=3)

    dispute = client.v1.disputes.list().data[0]

    assert (dispute.status, dispute.amount, dispute.reason) == ("lost", 12345, "debit_not_authorized")
    assert entries(client, "dispute")[0][2:4] == (-12345, 1500)


def test_the_bank_can_be_made_to_answer_at_once(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    charges = []
    for _ in range(2):
        session = open_session(client)
        simulator.pay_session_by_debit(session.id, GOOD)
        intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
        charges.append(simulator.charge_of(str(intent)))

    paid_now = simulator.answer_debit(charges[0])
    failed_now = simulator.answer_debit(charges[1], failure="account_closed")
    taken_back = simulator.take_debit_back(charges[0])
    simulator.advance(days=9)

    assert (paid_now["status"], failed_now["status"], taken_back["status"]) == ("succeeded", "failed", "lost")
    assert failed_now["failure_balance_transaction"] is None
    assert entries(client, "charge_failure") == []
    with pytest.raises(ValueError, match="has answered"):
        simulator.answer_debit(charges[0])


def test_a_saved_account_is_debited_off_session_until_its_mandate_is_withdrawn(
    simulator: Simulator, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({"email": "ana@example.com"}).id
    setup: Any = client.v1.setup_intents.create(
        {"customer": customer, "payment_method": "pm_usBankAccount_success", "confirm": True, "return_url": "http://a/"}
    )
    body: dict[str, Any] = {
        "currency": "usd",
        "customer": customer,
        "payment_method": setup.payment_method,
        "allowed_payment_method_types": ["card", "us_bank_account"],
        "off_session": True,
    }

    intent = paid(client, **body)
    before = len(simulator.world.store.all("event"))
    simulator.withdraw_mandate(setup.payment_method)

    assert (setup.status, intent.status) == ("succeeded", "processing")
    assert client.v1.mandates.retrieve(setup.mandate).status == "inactive"
    assert types_since(simulator, before) == ["mandate.updated"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid(client, **body)
    assert refused.value.code == "payment_intent_mandate_invalid"


def test_an_account_can_be_saved_on_the_page(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    customer = client.v1.customers.create({"email": "ana@example.com"}).id
    body: Any = {"mode": "setup", "customer": customer, "currency": "eur", "success_url": "http://127.0.0.1:8000/"}
    session = client.v1.checkout.sessions.create(body)

    simulator.pay_session_by_debit(session.id, "DE89370400440532013000")

    method = client.v1.payment_methods.list({"customer": customer, "type": "sepa_debit"}).data[0]
    assert method.sepa_debit is not None
    assert (method.sepa_debit.last4, method.sepa_debit.country) == ("3000", "DE")


def test_a_refund_to_a_bank_account_takes_days(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session_by_debit(open_session(client).id, GOOD)
    clock.advance(days=3)
    intent = client.v1.payment_intents.list().data[0]

    refund = client.v1.refunds.create({"payment_intent": intent.id})
    clock.advance(days=3)

    assert (refund.status, client.v1.refunds.retrieve(refund.id).status) == ("pending", "succeeded")
    assert entries(client, "refund")[0][0] == "payment_refund"


@pytest.mark.parametrize(("approve", "state", "status"), [(True, "paid", "complete"), (False, "declined", "open")])
def test_paypal_is_approved_on_a_page_of_its_own(
    simulator: Simulator,
    client: stripe.StripeClient,
    open_session: OpenSession,
    approve: bool,
    state: str,
    status: str,
) -> None:
    session = open_session(client)

    outcome = simulator.pay_session_by_paypal(session.id, approve=approve)

    charges = client.v1.charges.list().data
    assert (outcome.state, client.v1.checkout.sessions.retrieve(session.id).status) == (state, status)
    assert [charge.payment_method_details.type for charge in charges] == (["paypal"] if approve else [])  # type: ignore[union-attr]


def test_a_wallet_is_a_card_that_says_so(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    simulator.pay_session_by_wallet(open_session(client).id, "google_pay")

    charge: Any = client.v1.charges.list().data[0]
    assert (charge.status, charge.payment_method_details.card.wallet.type) == ("succeeded", "google_pay")


def test_a_session_takes_its_own_types_only(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client, allowed_payment_method_types=["card"])

    with pytest.raises(ValueError, match="takes no payment method"):
        simulator.pay_session_by_debit(session.id, GOOD)
    with pytest.raises(stripe.InvalidRequestError, match="Supported currencies: eur"):
        open_session(client, allowed_payment_method_types=["sepa_debit"])


def test_a_session_that_saves_while_paying_offers_only_what_can_be_saved(
    client: stripe.StripeClient, open_session: OpenSession
) -> None:
    saving = open_session(client, payment_intent_data={"setup_future_usage": "off_session"})

    assert saving.payment_method_types == ["card", "bacs_debit"]
    assert open_session(client).payment_method_types == ["card", "bacs_debit", "paypal"]
