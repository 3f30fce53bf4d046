"""Snapshots: a world is brought back as it was, however often, and the truth of each is its own."""

from __future__ import annotations

import time
from pathlib import Path

import stripe

from adapters.stripe.simulator import Simulator, create_simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.conftest import KEY, NOON
from tests.adapters.stripe.simulator.making import paid
from tests.adapters.stripe.simulator.serving import SECRET


def test_a_world_is_brought_back_as_often_as_wanted(simulator: Simulator, client: stripe.StripeClient) -> None:
    intent = paid(client)
    simulator.settle()
    start, truth = simulator.snapshot(), simulator.truth()

    ends = []
    for days in (3, 6):
        simulator.restore(start)
        simulator.webhooks.hold()
        simulator.advance(days=days)
        client.v1.refunds.create({"payment_intent": intent.id, "amount": days})
        simulator.dispute(simulator.charge_of(intent.id))
        ends.append(simulator.truth())
    simulator.restore(start)

    assert [sum(end.refunded.values()) for end in ends] == [3, 6]
    assert simulator.truth() == truth
    assert not simulator.webhooks.held
    assert simulator.clock.now() == NOON
    assert client.v1.refunds.list().data == []


def test_what_is_brought_back_is_what_lasts(tmp_path: Path) -> None:
    def started() -> Simulator:
        return create_simulator(
            clock=MovableClock(NOON),
            webhook_url="http://127.0.0.1:9/",
            webhook_secret=SECRET,
            public_url="http://127.0.0.1:4242",
            state_path=tmp_path / "state.sqlite",
        )

    first = started()
    client = stripe.StripeClient(KEY, http_client=first.http_client())
    paid(client)
    start = first.snapshot()
    paid(client)
    first.restore(start)
    first.close()
    again = started()

    assert len(again.truth().charges) == 1
    again.close()


def test_a_snapshot_costs_little(simulator: Simulator, client: stripe.StripeClient) -> None:
    for _ in range(20):
        paid(client)
    began = time.perf_counter()

    for _ in range(100):
        simulator.restore(simulator.snapshot())

    each = (time.perf_counter() - began) / 100
    print(f"a snapshot of {len(simulator.truth().charges)} payments, taken and brought back: {each * 1000:.2f} ms")
    assert each < 0.05
