"""Payment intents on the server: confirmed, declined, authenticated, cancelled; and the moves that are refused."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator


def made(client: stripe.StripeClient, **changes: Any) -> stripe.PaymentIntent:
    """A payment intent over 50.00 EUR, by default confirmed with a card that works."""
    body: Any = {
        "amount": 5000,
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "metadata": {"payment": "p2"},
    }
    return client.v1.payment_intents.create(body | changes)


def test_a_good_card_succeeds_at_once(simulator: Simulator, client: stripe.StripeClient) -> None:
    intent = made(client)

    assert (intent.status, intent.amount_received, intent.next_action) == ("succeeded", 5000, None)
    assert simulator.charges_by_metadata("payment") == {"p2": 1}


def test_a_decline_is_a_402_that_leaves_the_intent_ready_for_another_card(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as declined:
        made(client, payment_method="pm_card_visa_chargeDeclinedInsufficientFunds")

    error: Any = declined.value.error
    again = client.v1.payment_intents.confirm(error.payment_intent.id, {"payment_method": "pm_card_visa"})
    assert (declined.value.http_status, declined.value.code) == (402, "card_declined")
    assert (error.decline_code, error.message) == ("insufficient_funds", "Your card has insufficient funds.")
    assert error.payment_intent.status == "requires_payment_method"
    assert again.status == "succeeded"


def test_on_session_a_challenge_comes_back_as_a_redirect(client: stripe.StripeClient) -> None:
    intent = made(client, payment_method="pm_card_authenticationRequired", return_url="http://127.0.0.1:8000/back")

    assert intent.status == "requires_action"
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    assert intent.next_action.redirect_to_url.url == f"http://127.0.0.1:4242/3ds/{intent.id}"


def test_off_session_a_challenge_is_a_decline(simulator: Simulator, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as declined:
        made(client, payment_method="pm_card_authenticationRequired", off_session=True)

    assert declined.value.code == "authentication_required"
    assert simulator.truth().charges == {}


def test_without_a_return_url_automatic_methods_are_refused(client: stripe.StripeClient) -> None:
    body: Any = {"amount": 5000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(body)

    assert "you must provide a `return_url`" in str(refused.value)
    assert client.v1.payment_intents.list().data == []


def test_what_succeeded_can_neither_be_confirmed_nor_cancelled(client: stripe.StripeClient) -> None:
    intent = made(client)

    with pytest.raises(stripe.InvalidRequestError) as unconfirmed:
        client.v1.payment_intents.confirm(intent.id)
    with pytest.raises(stripe.InvalidRequestError) as uncancelled:
        client.v1.payment_intents.cancel(intent.id)

    assert unconfirmed.value.code == uncancelled.value.code == "payment_intent_unexpected_state"
    assert "You cannot cancel this PaymentIntent because it has a status of succeeded." in str(uncancelled.value)


def test_a_cancelled_intent_stays_cancelled(simulator: Simulator, client: stripe.StripeClient) -> None:
    intent = made(client, confirm=False)

    cancelled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "duplicate"})

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.confirm(intent.id)
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "duplicate")
    assert simulator.truth().charges == {}


def test_what_checkout_made_ends_only_with_its_session(
    simulator: Simulator, client: stripe.StripeClient, open_session: Any
) -> None:
    session = open_session(client)
    simulator.pay_session(session.id, "4000000000000002")
    key = client.v1.payment_intents.list().data[0].id

    with pytest.raises(stripe.InvalidRequestError) as uncancelled:
        client.v1.payment_intents.cancel(key)
    with pytest.raises(stripe.InvalidRequestError) as unconfirmed:
        client.v1.payment_intents.confirm(key, {"payment_method": "pm_card_visa"})

    assert "Expire the Checkout Session instead." in str(uncancelled.value)
    assert "created by Checkout" in str(unconfirmed.value)


def test_another_customers_payment_method_is_refused(client: stripe.StripeClient) -> None:
    ana, ben = (client.v1.customers.create({}).id for _ in range(2))
    saved = client.v1.payment_methods.attach("pm_card_visa", {"customer": ana})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        made(client, payment_method=saved.id, customer=ben)

    assert refused.value.param == "payment_method"


@pytest.mark.parametrize(
    ("amount", "currency", "code"), [(49, "usd", "amount_too_small"), (100_000_000, "usd", "amount_too_large")]
)
def test_amounts_out_of_range_are_refused(client: stripe.StripeClient, amount: int, currency: str, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        made(client, amount=amount, currency=currency)

    assert refused.value.code == code


def test_intents_are_listed_by_customer_and_time(client: stripe.StripeClient, clock: Any) -> None:
    ana = client.v1.customers.create({}).id
    early = made(client, customer=ana)
    clock.advance(hours=1)
    late = made(client, customer=ana)
    made(client)

    of_ana = client.v1.payment_intents.list({"customer": ana}).data
    since = client.v1.payment_intents.list({"customer": ana, "created": {"gte": late.created}}).data

    assert [intent.id for intent in of_ana] == [late.id, early.id]
    assert [intent.id for intent in since] == [late.id]
