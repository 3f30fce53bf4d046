"""Events through the API: by type, for thirty days, and whether their delivery succeeded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import paid

OpenSession = Callable[..., stripe.checkout.Session]


def test_events_are_listed_by_type_and_wildcard(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    simulator.pay_session(open_session(client).id)

    of_charges = client.v1.events.list({"type": "charge.*"}).data
    two_types = client.v1.events.list({"types": ["customer.created", "charge.succeeded"]}).data

    assert [event.type for event in of_charges] == ["charge.succeeded"]
    assert [event.type for event in two_types] == ["charge.succeeded", "customer.created"]
    assert client.v1.events.retrieve(of_charges[0].id).type == "charge.succeeded"


def test_events_over_thirty_days_old_are_gone(client: stripe.StripeClient, clock: MovableClock) -> None:
    client.v1.customers.create({})
    event = client.v1.events.list().data[0]
    clock.advance(days=30, seconds=1)

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.retrieve(event.id)

    assert client.v1.events.list().data == []


def test_an_event_names_the_request_that_caused_it(client: stripe.StripeClient) -> None:
    client.v1.customers.create({}, {"idempotency_key": "customer:1"})

    event = client.v1.events.list().data[0]

    assert event.request is not None
    assert event.request.idempotency_key == "customer:1"
    assert event.request.id is not None


def test_undelivered_events_are_found(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    simulator.pay_session(open_session(client).id)
    before = client.v1.events.list({"delivery_success": False}).data
    simulator.flush(lambda body, headers: 200)

    assert len(before) == 3
    assert client.v1.events.list({"delivery_success": False}).data == []


def test_what_falls_due_while_the_clock_jumps_happens_in_the_order_of_its_times(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session_by_debit(open_session(client).id, "55555559")
    client.v1.refunds.create({"payment_intent": paid(client, payment_method="pm_card_refundFail").id})
    paid(client, payment_method="pm_card_createDispute")
    open_session(client)
    clock.advance(days=20)

    events = list(client.v1.events.list({"limit": 100}).auto_paging_iter())[::-1]

    times = [event.created for event in events]
    types: list[str] = [event.type for event in events]
    assert times == sorted(times)
    assert len(set(times)) > 5
    late = ("charge.dispute.created", "refund.failed", "checkout.session.async_payment_succeeded")
    assert [types.index(kind) for kind in late] == sorted(types.index(kind) for kind in late)
