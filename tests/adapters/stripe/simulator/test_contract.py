"""Every object that the simulator keeps or answers has the shape that the SDK declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from tests.adapters.stripe.simulator.shapes import problems

SHAPES: dict[str, type[stripe.StripeObject]] = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "event": stripe.Event,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
}
OpenSession = Callable[..., stripe.checkout.Session]


def test_every_object_of_a_busy_day_has_the_declared_shape(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    a_busy_day(simulator, client, open_session)

    found = {kind: simulator.world.store.all(kind) for kind in SHAPES}

    assert all(found.values())
    assert [p for kind, things in found.items() for thing in things for p in problems(thing, SHAPES[kind], kind)] == []


def test_what_an_event_carries_has_the_declared_shape(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    a_busy_day(simulator, client, open_session)

    carried = [event["data"]["object"] for event in simulator.world.store.all("event")]

    assert [p for thing in carried for p in problems(thing, SHAPES[thing["object"]], thing["object"])] == []


def test_expanded_objects_and_line_items_have_the_declared_shape(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)
    simulator.pay_session(session.id)
    simulator.settle()

    answer = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items", "customer"]}
    )

    raw: dict[str, Any] = answer.to_dict(for_json=True)
    assert problems(raw, stripe.checkout.Session) == []
    assert raw["payment_intent"]["latest_charge"]["balance_transaction"]["net"] == 12345 - 388
    assert raw["line_items"]["data"][0]["description"] == "Invoice 1001"


def test_the_walk_itself_finds_what_is_wrong(client: stripe.StripeClient) -> None:
    customer: dict[str, Any] = client.v1.customers.create({}).to_dict(for_json=True)
    del customer["created"]

    found = problems(customer | {"surprise": 1, "livemode": "no", "tax_exempt": "perhaps"}, stripe.Customer, "customer")

    assert [problem.partition(":")[0] for problem in found] == [
        "customer.surprise",
        "customer.created",
        "customer.livemode",
        "customer.tax_exempt",
    ]


def a_busy_day(simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession) -> None:
    """Everything that the simulator can do, once."""
    declined = open_session(client, payment_intent_data={"setup_future_usage": "off_session"})
    simulator.pay_session(declined.id, "4000000000000002")
    simulator.pay_session(declined.id, "4000002500003155", authenticate=False)
    simulator.pay_session(declined.id, "4000002500003155", authenticate=True)
    simulator.settle()
    given_up = open_session(client)
    simulator.pay_session(given_up.id, "4000000000009995")
    client.v1.checkout.sessions.expire(given_up.id)
    customer = client.v1.customers.create({"address": {"line1": "1 High Street"}, "metadata": {"a": "b"}})
    waiting = client.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "customer": customer.id,
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": "http://127.0.0.1:8000/back",
        }
    )
    client.v1.payment_intents.cancel(waiting.id, {"cancellation_reason": "abandoned"})
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.create(
            {
                "amount": 5000,
                "currency": "eur",
                "customer": customer.id,
                "payment_method": "pm_card_authenticationRequired",
                "allowed_payment_method_types": ["card"],
                "confirm": True,
                "off_session": True,
            }
        )
