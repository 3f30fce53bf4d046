"""Idempotency keys: one execution, the same answer again, and no misuse."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Fault, Simulator
from tests.adapters.stripe.simulator.making import paid

KEY: Any = {"idempotency_key": "pay:1:1"}


def replayed(answer: Any) -> bool:
    """Whether the answer is marked as one that was given before."""
    headers = answer.last_response.headers if hasattr(answer, "last_response") else answer.headers
    return bool(headers.get("Idempotent-Replayed") == "true")


def test_the_same_call_twice_acts_once_and_answers_alike(client: stripe.StripeClient) -> None:
    first = client.v1.customers.create({"name": "Ana"}, KEY)

    second = client.v1.customers.create({"name": "Ana"}, KEY)

    assert second.id == first.id
    assert (replayed(first), replayed(second)) == (False, True)
    assert len(client.v1.customers.list().data) == 1


def test_the_same_key_with_other_parameters_is_refused(client: stripe.StripeClient) -> None:
    client.v1.customers.create({"name": "Ana"}, KEY)

    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.customers.create({"name": "Ben"}, KEY)

    assert refused.value.http_status == 400
    assert "can only be used with the same parameters they were first used with" in str(refused.value)


def test_the_same_key_at_another_address_is_refused(client: stripe.StripeClient) -> None:
    client.v1.customers.create({}, KEY)

    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.payment_intents.create({"amount": 5000, "currency": "eur"}, KEY)

    assert "can only be used for the same endpoint" in str(refused.value)


def test_a_decline_is_replayed_and_not_tried_again(simulator: Simulator, client: stripe.StripeClient) -> None:
    body: Any = {
        "amount": 5000,
        "currency": "eur",
        "payment_method": "pm_card_chargeDeclined",
        "allowed_payment_method_types": ["card"],
        "confirm": True,
    }

    errors = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as declined:
            client.v1.payment_intents.create(body, KEY)
        errors.append(declined.value)

    assert [replayed(error) for error in errors] == [False, True]
    assert len(client.v1.charges.list().data) == 1


@pytest.mark.parametrize("executes", [True, False])
def test_a_500_is_saved_and_replayed(simulator: Simulator, client: stripe.StripeClient, executes: bool) -> None:
    simulator.order_fault(Fault("answer", "POST", "/v1/customers", status=500, executes=executes))

    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            client.v1.customers.create({}, KEY)

    assert failed.value.http_status == 500
    assert replayed(failed.value)
    assert len(client.v1.customers.list().data) == (1 if executes else 0)


def test_a_429_is_not_saved(simulator: Simulator, client: stripe.StripeClient) -> None:
    simulator.order_fault(Fault("answer", "POST", "/v1/customers", status=429))

    with pytest.raises(stripe.RateLimitError):
        client.v1.customers.create({}, KEY)

    assert not replayed(client.v1.customers.create({}, KEY))


def test_a_malformed_call_leaves_its_key_free(client: stripe.StripeClient) -> None:
    wrong: Any = {"nam": "Ana"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.create(wrong, KEY)

    assert client.v1.customers.create({"name": "Ana"}, KEY).name == "Ana"


def test_after_a_day_a_key_is_forgotten_and_acts_again(client: stripe.StripeClient, clock: Any) -> None:
    first = client.v1.customers.create({}, KEY)
    clock.advance(hours=24)

    second = client.v1.customers.create({}, KEY)

    assert second.id != first.id
    assert not replayed(second)


def test_every_new_thing_is_made_once_under_its_key(client: stripe.StripeClient, simulator: Simulator) -> None:
    customer = client.v1.customers.create({"email": "ana@example.com"}).id
    intents = [paid(client).id, paid(client).id]
    simulator.book("topup", 10_000, "eur")
    dispute = simulator.dispute(simulator.charge_of(intents[1]))["id"]
    saved: Any = {"customer": customer, "payment_method": "pm_card_visa", "confirm": True, "return_url": "http://a/"}
    calls: list[tuple[str, Any, Any]] = [
        ("refund.created", client.v1.refunds.create, ({"payment_intent": intents[0], "amount": 5},)),
        ("payout.created", client.v1.payouts.create, ({"amount": 5, "currency": "eur"},)),
        ("setup_intent.succeeded", client.v1.setup_intents.create, (saved,)),
        ("payment_method.attached", client.v1.payment_methods.attach, ("pm_card_visa", {"customer": customer})),
        ("charge.dispute.closed", client.v1.disputes.close, (dispute, {})),
    ]

    for place, (_, call, args) in enumerate(calls):
        answers = [call(*args, {"idempotency_key": f"key:{place}"}) for _ in range(3)]
        assert len({answer.id for answer in answers}) == 1

    met = Counter(event["type"] for event in simulator.world.store.all("event"))
    assert {kind: met[kind] for kind, _, _ in calls} == {
        "refund.created": 1,
        "payout.created": 1,
        "setup_intent.succeeded": 1,
        "payment_method.attached": 2,
        "charge.dispute.closed": 1,
    }
