"""Webhooks: signed, in order or not, twice, late, never; and tried again when they were not taken."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Rule, Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.conftest import NOON
from tests.adapters.stripe.simulator.serving import SECRET, Receiver

OpenSession = Callable[..., stripe.checkout.Session]
PAID = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


class Endpoint:
    """Takes deliveries in this process, and answers each with the next of its `answers`, or 200."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.answers: list[int] = []

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        self.taken.append(json.loads(body))
        self.headers.append(headers)
        return self.answers.pop(0) if self.answers else 200

    @property
    def types(self) -> list[str]:
        """The types of the events taken, in the order in which they came."""
        return [event["type"] for event in self.taken]


@pytest.fixture
def endpoint() -> Endpoint:
    """A receiver without a socket."""
    return Endpoint()


@pytest.fixture
def paid(simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession) -> Simulator:
    """The simulator after one payment whose webhooks wait."""
    simulator.pay_session(open_session(client).id)
    return simulator


def test_a_test_can_choose_its_own_order_and_repeat(paid: Simulator, endpoint: Endpoint) -> None:
    waiting = [event["id"] for event in paid.webhooks.pending()]

    accepted = [paid.deliver_event(waiting[place], endpoint) for place in (2, 0, 2)]

    assert accepted == [True, True, True]
    assert endpoint.types == [PAID[2], PAID[0], PAID[2]]
    assert [event["type"] for event in paid.webhooks.pending()] == [PAID[1]]


def test_what_is_due_is_delivered_once_in_the_order_of_events(paid: Simulator, endpoint: Endpoint) -> None:
    accepted = paid.deliver_pending(endpoint)
    again = paid.deliver_pending(endpoint)

    assert (accepted, again) == (3, 0)
    assert endpoint.types == PAID
    assert [event["livemode"] for event in endpoint.taken] == [False] * 3


def test_the_signature_is_stripes_with_the_time_of_delivery(paid: Simulator, endpoint: Endpoint) -> None:
    paid.deliver_pending(endpoint)

    header = endpoint.headers[0]["Stripe-Signature"]
    body = json.dumps(endpoint.taken[0], indent=2)
    assert header == stripe.WebhookSignature.generate_signature_header(body, SECRET, int(NOON.timestamp()))


def test_an_event_bears_what_the_object_was_then(paid: Simulator, endpoint: Endpoint) -> None:
    paid.deliver_pending(endpoint)
    paid.settle()
    paid.deliver_pending(endpoint)

    succeeded, updated = endpoint.taken[0], endpoint.taken[-1]
    assert succeeded["data"]["object"]["balance_transaction"] is None
    assert updated["type"] == "charge.updated"
    assert updated["data"]["object"]["balance_transaction"].startswith("txn_")
    assert updated["data"]["previous_attributes"] == {"balance_transaction": None}


def test_the_charge_settles_moments_later_by_itself(paid: Simulator, endpoint: Endpoint, clock: MovableClock) -> None:
    paid.deliver_pending(endpoint)
    clock.advance(seconds=2)
    paid.deliver_pending(endpoint)

    assert endpoint.types == [*PAID, "charge.updated"]


def test_held_webhooks_wait_until_they_are_flushed_or_resumed(paid: Simulator, endpoint: Endpoint) -> None:
    paid.webhooks.hold()
    held = paid.deliver_pending(endpoint)
    waiting = [event["type"] for event in paid.webhooks.pending()]
    paid.webhooks.resume()
    paid.deliver_pending(endpoint)

    assert held == 0
    assert waiting == PAID
    assert endpoint.types == PAID


def test_a_flush_reverses_doubles_and_shuffles_by_its_seed(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    def flushed(**how: Any) -> list[str]:
        simulator.pay_session(open_session(client).id)
        endpoint = Endpoint()
        simulator.flush(endpoint, **how)
        return endpoint.types

    simulator.webhooks.hold()

    assert flushed(order="reversed") == PAID[::-1]
    assert flushed(copies=2) == PAID * 2
    assert flushed(order="shuffled", seed=5) == flushed(order="shuffled", seed=5)
    assert len({tuple(flushed(order="shuffled", seed=seed)) for seed in range(6)}) > 1


def test_rules_drop_double_and_delay(paid: Simulator, endpoint: Endpoint, clock: MovableClock) -> None:
    paid.order_rule(Rule("drop", "charge.*"))
    paid.order_rule(Rule("duplicate", "payment_intent.succeeded"))
    paid.order_rule(Rule("delay", "checkout.session.completed", seconds=60))

    paid.deliver_pending(endpoint)
    at_once = endpoint.types[:]
    clock.advance(seconds=60)
    paid.deliver_pending(endpoint)

    assert at_once == ["payment_intent.succeeded"] * 2
    assert endpoint.types[2:] == ["checkout.session.completed", "charge.updated"]


def test_what_is_not_taken_comes_again_with_back_off(paid: Simulator, endpoint: Endpoint, clock: MovableClock) -> None:
    endpoint.answers = [500, 200, 200, 503]

    paid.deliver_pending(endpoint)
    paid.deliver_pending(endpoint)
    clock.advance(seconds=1)
    paid.deliver_pending(endpoint)
    clock.advance(seconds=4)
    paid.deliver_pending(endpoint)
    clock.advance(seconds=1)
    paid.deliver_pending(endpoint)

    assert [type_ for type_ in endpoint.types if type_ != "charge.updated"] == [*PAID, PAID[0], PAID[0]]


def test_after_the_last_attempt_it_gives_up(paid: Simulator, endpoint: Endpoint, clock: MovableClock) -> None:
    endpoint.answers = [500] * 1000

    for _ in range(12):
        paid.deliver_pending(endpoint)
        clock.advance(hours=12)

    assert endpoint.types.count("charge.succeeded") == 9
    assert paid.webhooks.pending() == []
    event = next(event for event in paid.world.store.all("event") if event["type"] == "charge.succeeded")
    assert event["pending_webhooks"] == 1


def test_what_a_delivery_brings_about_is_delivered_as_well(
    paid: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    types: list[str] = []

    def receive(body: bytes, headers: Mapping[str, str]) -> int:
        types.append(json.loads(body)["type"])
        if types == PAID:
            client.v1.checkout.sessions.expire(open_session(client).id)
        return 200

    paid.deliver_pending(receive)

    assert types == [*PAID, "checkout.session.expired"]


def test_over_http_they_arrive_by_themselves_and_are_repeated(
    live: Simulator, live_client: stripe.StripeClient, open_session: OpenSession, receiver: Receiver
) -> None:
    receiver.answers = [500]
    session = open_session(live_client)

    live.pay_session(session.id)

    got = [receiver.events.get(timeout=60) for _ in range(5)]
    assert sorted(event.type for event in got) == sorted([*PAID, "charge.updated", "charge.succeeded"])
    assert len({event.id for event in got}) == 4


def test_a_receiver_that_is_not_there_loses_nothing(
    live: Simulator, live_client: stripe.StripeClient, open_session: OpenSession, receiver: Receiver
) -> None:
    live.webhooks.hold()
    live.pay_session(open_session(live_client).id)
    receiver.close()

    accepted = live.flush()

    assert accepted == 0
    assert len(live.webhooks.pending()) == 4
    with pytest.raises(queue.Empty):
        receiver.events.get_nowait()
