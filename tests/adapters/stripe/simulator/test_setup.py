"""Saving payment methods: setup intents, Sessions that save, and what becomes of saved cards."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from tests.adapters.stripe.simulator.making import paid, types_since

BACK = "http://127.0.0.1:8000/back"


@pytest.fixture
def customer(client: stripe.StripeClient) -> str:
    """A customer with nothing saved."""
    return client.v1.customers.create({"email": "ana@example.com"}).id


def setup_session(client: stripe.StripeClient, customer: str, **changes: Any) -> stripe.checkout.Session:
    """A Session that saves a payment method, as changed; None leaves a parameter out."""
    body: Any = {
        "mode": "setup",
        "customer": customer,
        "currency": "gbp",
        "success_url": "http://127.0.0.1:8000/saved?session={CHECKOUT_SESSION_ID}",
        "metadata": {"plan": "p1"},
        "setup_intent_data": {"metadata": {"plan": "p1"}},
    }
    asked: Any = {name: value for name, value in (body | changes).items() if value is not None}
    return client.v1.checkout.sessions.create(asked)


def saved(client: stripe.StripeClient, customer: str, token: str = "pm_card_visa", **changes: Any) -> Any:
    """A setup intent confirmed with a card, as changed."""
    body: Any = {"customer": customer, "payment_method": token, "confirm": True, "return_url": BACK}
    return client.v1.setup_intents.create(body | changes)


def test_a_session_saves_a_card_without_paying(
    client: stripe.StripeClient, simulator: Simulator, customer: str
) -> None:
    session = setup_session(client, customer)
    before = len(simulator.world.store.all("event"))

    outcome = simulator.pay_session(session.id)

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent.payment_method"]})
    setup: Any = done.setup_intent
    assert (outcome.state, outcome.address) == ("paid", f"http://127.0.0.1:8000/saved?session={session.id}")
    assert (done.status, done.payment_status, done.payment_intent) == ("complete", "no_payment_required", None)
    assert (setup.status, setup.payment_method.customer, setup.metadata["plan"]) == ("succeeded", customer, "p1")
    assert types_since(simulator, before) == [
        "payment_method.attached",
        "setup_intent.succeeded",
        "checkout.session.completed",
    ]
    assert client.v1.charges.list().data == []


def test_a_session_that_saves_stays_open_through_declines_and_asks_the_bank(
    client: stripe.StripeClient, simulator: Simulator, customer: str
) -> None:
    session = setup_session(client, customer)

    declined = simulator.pay_session(session.id, "4000000000000002")
    failed = simulator.pay_session(session.id, "4000002500003155", authenticate=False)
    passed = simulator.pay_session(session.id, "4000002500003155", authenticate=True)

    method = client.v1.payment_methods.list({"customer": customer}).data[0].id
    later = paid(client, customer=customer, payment_method=method, off_session=True)
    assert [outcome.state for outcome in (declined, failed, passed)] == ["declined", "declined", "paid"]
    assert later.status == "succeeded"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"currency": None}, "You must provide `currency` in setup mode"),
        ({"payment_intent_data": {"description": "x"}}, "You can not pass `payment_intent_data` in `setup` mode"),
        ({"currency": "gbp", "allowed_payment_method_types": ["sepa_debit"]}, "Supported currencies: eur"),
        ({"allowed_payment_method_types": ["paypal"]}, "does not take payment methods of the type 'paypal' here"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(
    client: stripe.StripeClient, customer: str, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        setup_session(client, customer, **changes)

    assert words in str(refused.value)


def test_expiring_a_session_that_saves_ends_its_intent(client: stripe.StripeClient, customer: str) -> None:
    session = setup_session(client, customer)

    client.v1.checkout.sessions.expire(session.id)

    assert client.v1.setup_intents.retrieve(str(session.setup_intent)).status == "canceled"


def test_a_setup_intent_saves_at_once_or_after_the_banks_question(
    client: stripe.StripeClient, simulator: Simulator, customer: str
) -> None:
    at_once = saved(client, customer)
    asked = saved(client, customer, "pm_card_authenticationRequired")

    assert (at_once.status, asked.status) == ("succeeded", "requires_action")
    assert asked.next_action.redirect_to_url.url == f"http://127.0.0.1:4242/3ds/{asked.id}"
    assert simulator.answer_bank(asked.id, passed=True).address.startswith(f"{BACK}?setup_intent={asked.id}")
    assert client.v1.setup_intents.retrieve(asked.id).status == "succeeded"
    assert len(client.v1.payment_methods.list({"customer": customer}).data) == 2


def test_a_card_that_is_declined_or_not_authenticated_is_not_saved(
    client: stripe.StripeClient, simulator: Simulator, customer: str
) -> None:
    before = len(simulator.world.store.all("event"))
    with pytest.raises(stripe.CardError) as declined:
        saved(client, customer, "pm_card_chargeDeclined")
    asked = saved(client, customer, "pm_card_authenticationRequired")
    simulator.answer_bank(asked.id, passed=False)

    left = client.v1.setup_intents.retrieve(asked.id)
    assert declined.value.code == "card_declined"
    assert left.last_setup_error is not None
    assert (left.status, left.last_setup_error.code) == (
        "requires_payment_method",
        "setup_intent_authentication_failure",
    )
    assert client.v1.payment_methods.list({"customer": customer}).data == []
    assert types_since(simulator, before).count("setup_intent.setup_failed") == 2


def test_one_card_can_be_saved_and_then_declines(client: stripe.StripeClient, customer: str) -> None:
    method = saved(client, customer, "pm_card_chargeCustomerFail").payment_method

    with pytest.raises(stripe.CardError):
        paid(client, customer=customer, payment_method=method, off_session=True)


def test_setup_intents_are_listed_and_cancelled(client: stripe.StripeClient, customer: str) -> None:
    waiting = client.v1.setup_intents.create({"customer": customer})
    done = saved(client, customer)

    canceled = client.v1.setup_intents.cancel(waiting.id, {"cancellation_reason": "abandoned"})

    assert canceled.status == "canceled"
    assert [one.id for one in client.v1.setup_intents.list({"customer": customer})] == [done.id, waiting.id]
    assert [one.id for one in client.v1.setup_intents.list({"payment_method": done.payment_method})] == [done.id]
    for act in (client.v1.setup_intents.cancel, client.v1.setup_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError):
            act(done.id)


def test_paying_can_save_the_card(client: stripe.StripeClient, simulator: Simulator, customer: str) -> None:
    paid(client, customer=customer, setup_future_usage="off_session")

    assert len(client.v1.customers.payment_methods.list(customer).data) == 1


def test_a_saved_card_expires_and_is_renewed(client: stripe.StripeClient, simulator: Simulator, customer: str) -> None:
    method = saved(client, customer).payment_method
    before = len(simulator.world.store.all("event"))

    simulator.expire_card(method)
    with pytest.raises(stripe.CardError) as expired:
        paid(client, customer=customer, payment_method=method, off_session=True)
    simulator.update_card(method, month=12, year=2031)
    renewed = paid(client, customer=customer, payment_method=method, off_session=True)

    assert (expired.value.code, renewed.status) == ("expired_card", "succeeded")
    assert "payment_method.automatically_updated" in types_since(simulator, before)


def test_a_saved_card_can_be_changed_and_let_go(
    client: stripe.StripeClient, simulator: Simulator, customer: str
) -> None:
    method = saved(client, customer).payment_method
    body: Any = {"card": {"exp_month": 1, "exp_year": 2033}, "metadata": {"a": "b"}, "billing_details": {"name": "Al"}}

    changed: Any = client.v1.payment_methods.update(method, body)
    client.v1.payment_methods.detach(method)

    assert (changed.card.exp_year, changed.metadata["a"], changed.billing_details.name) == (2033, "b", "Al")
    assert client.v1.payment_methods.list({"customer": customer}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="must save this PaymentMethod"):
        client.v1.payment_methods.update(method, body)


def test_deleting_a_customer_lets_go_of_what_was_saved(
    client: stripe.StripeClient, simulator: Simulator, customer: str
) -> None:
    saved(client, customer)
    before = len(simulator.world.store.all("event"))

    client.v1.customers.delete(customer)

    assert types_since(simulator, before) == ["payment_method.detached", "customer.deleted"]
