"""Checkout Sessions: what they take, several declines inside one, expiry by request and by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.conftest import NOON, session_body

OpenSession = Callable[..., stripe.checkout.Session]
SUCCESS = "http://127.0.0.1:8000/back?session="


def types_of(simulator: Simulator) -> list[str]:
    """The events until now, oldest first, without those about customers."""
    return [e["type"] for e in simulator.world.store.all("event") if not e["type"].startswith("customer.")]


def test_a_session_is_open_and_has_no_payment_intent_until_somebody_pays(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)

    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (12345, "gbp")
    assert session.url == f"{simulator.public_url}/c/pay/{session.id}"
    assert session.expires_at == int((NOON + timedelta(days=1)).timestamp())


def test_paying_completes_the_session_and_leads_back_with_its_id(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)

    outcome = simulator.pay_session(session.id, name="Ana Ruiz")

    after = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (outcome.state, outcome.address) == ("paid", SUCCESS + session.id)
    assert (after.status, after.payment_status, after.url) == ("complete", "paid", None)
    assert after.customer_details is not None
    assert (after.customer_details.name, after.customer_details.email) == ("Ana Ruiz", "ana@example.com")
    intent: Any = after.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["payment"]) == ("succeeded", 12345, "p1")
    assert (intent.latest_charge.paid, intent.latest_charge.metadata["payment"]) == (True, "p1")
    assert types_of(simulator) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_several_declines_inside_one_session_then_success_use_one_payment_intent(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)

    said = [simulator.pay_session(session.id, card).message for card in ("4000000000000002", "4000000000009995")]
    between = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    simulator.pay_session(session.id)

    assert said == ["Your card was declined.", "Your card has insufficient funds."]
    assert between.status == "open"
    intent: Any = between.payment_intent
    assert (intent.status, intent.last_payment_error.decline_code) == ("requires_payment_method", "insufficient_funds")
    charges = client.v1.charges.list({"payment_intent": intent.id})
    assert [charge.status for charge in charges.data] == ["succeeded", "failed", "failed"]
    assert simulator.truth().charges == {intent.id: 1}
    assert types_of(simulator).count("payment_intent.payment_failed") == 2


@pytest.mark.parametrize(
    ("card", "code", "decline_code", "message"),
    [
        ("4000000000000002", "card_declined", "generic_decline", "Your card was declined."),
        ("4000000000009995", "card_declined", "insufficient_funds", "Your card has insufficient funds."),
        ("4000000000009987", "card_declined", "lost_card", "Your card was declined."),
        ("4000000000000069", "expired_card", "expired_card", "Your card has expired."),
        ("4000000000000127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
        (
            "4000000000000119",
            "processing_error",
            "processing_error",
            "An error occurred while processing your card. Try again in a little bit.",
        ),
    ],
)
def test_each_published_card_is_declined_in_its_own_words(
    simulator: Simulator,
    client: stripe.StripeClient,
    open_session: OpenSession,
    card: str,
    code: str,
    decline_code: str,
    message: str,
) -> None:
    session = open_session(client)

    outcome = simulator.pay_session(session.id, card)

    charge = client.v1.charges.list().data[0]
    assert (outcome.state, outcome.message) == ("declined", message)
    assert (charge.failure_code, charge.failure_message) == (code, message)
    assert charge.outcome is not None
    assert (charge.outcome.type, charge.outcome.reason) == ("issuer_declined", decline_code)


def test_a_card_that_asks_for_authentication_pays_only_after_it(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)

    asked = simulator.pay_session(session.id, "4000002760003184")
    before = simulator.truth().charges
    failed = simulator.pay_session(session.id, "4000002760003184", authenticate=False)
    passed = simulator.pay_session(session.id, "4000002760003184", authenticate=True)

    assert (asked.state, before) == ("authenticate", {})
    assert failed.message.startswith("We are unable to authenticate your payment method.")
    assert passed.address == SUCCESS + session.id
    assert sum(simulator.truth().charges.values()) == 1


def test_a_second_submission_of_a_paid_session_charges_nothing(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)
    simulator.pay_session(session.id)

    again = simulator.pay_session(session.id)

    assert again.address == SUCCESS + session.id
    assert list(simulator.truth().charges.values()) == [1]


def test_expiring_closes_the_session_and_cancels_what_was_tried_in_it(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)
    simulator.pay_session(session.id, "4000000000000002")

    client.v1.checkout.sessions.expire(session.id)

    after = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    intent: Any = after.payment_intent
    assert (after.status, intent.status) == ("expired", "canceled")
    assert simulator.pay_session(session.id).state == "over"
    assert types_of(simulator)[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


@pytest.mark.parametrize("end", ["complete", "expired"])
def test_only_an_open_session_can_be_expired(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, end: str
) -> None:
    session = open_session(client)
    if end == "complete":
        simulator.pay_session(session.id)
    else:
        client.v1.checkout.sessions.expire(session.id)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.expire(session.id)

    assert refused.value.http_status == 400
    assert f"This Checkout Session has a status of {end}." in str(refused.value)


def test_a_session_expires_by_itself_at_its_time(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    until = int((NOON + timedelta(minutes=30)).timestamp())
    session = open_session(client, expires_at=until)

    clock.advance(minutes=29, seconds=59)
    before = client.v1.checkout.sessions.retrieve(session.id).status
    clock.advance(hours=5)
    after = client.v1.checkout.sessions.retrieve(session.id).status

    event = client.v1.events.list({"type": "checkout.session.expired"}).data[0]
    assert (before, after) == ("open", "expired")
    assert event.created == until


@pytest.mark.parametrize("seconds", [30 * 60 - 1, 24 * 3600 + 1])
def test_a_session_lives_between_thirty_minutes_and_a_day(
    client: stripe.StripeClient, open_session: OpenSession, seconds: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_session(client, expires_at=int(NOON.timestamp()) + seconds)

    assert refused.value.param == "expires_at"


def test_an_amount_below_stripes_least_is_refused(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({})
    body = session_body(customer.id)
    body["line_items"][0]["price_data"]["unit_amount"] = 29

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(body)

    assert refused.value.code == "amount_too_small"
    assert "The Checkout Session's total amount due must be at least £0.30 gbp" in str(refused.value)


def test_sessions_are_listed_by_customer_and_status_newest_first(
    simulator: Simulator, client: stripe.StripeClient
) -> None:
    ana, ben = (client.v1.customers.create({"email": "a@example.com"}).id for _ in range(2))
    first, second, other = (client.v1.checkout.sessions.create(session_body(who)).id for who in (ana, ana, ben))
    simulator.pay_session(first)

    of_ana = client.v1.checkout.sessions.list({"customer": ana}).data
    open_ones = client.v1.checkout.sessions.list({"status": "open"}).data

    assert [session.id for session in of_ana] == [second, first]
    assert [session.id for session in open_ones] == [other, second]


def test_a_card_saved_for_later_is_attached_to_the_customer_and_needs_no_further_authentication(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    saving = {"setup_future_usage": "off_session"}
    session = open_session(client, payment_intent_data=saving)
    simulator.pay_session(session.id, "4000002500003155", authenticate=True)

    saved = client.v1.payment_methods.list({"customer": str(session.customer), "type": "card"}).data
    later = client.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "gbp",
            "customer": str(session.customer),
            "payment_method": saved[0].id,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "off_session": True,
        }
    )

    assert [method.card.last4 for method in saved if method.card] == ["3155"]
    assert later.status == "succeeded"
