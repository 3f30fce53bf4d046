"""Fixtures: the gateway speaking to a simulator in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator, create_simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.gateway.asking import NOON, a_customer


@pytest.fixture
def clock() -> MovableClock:
    """The clock that the simulator runs by."""
    return MovableClock(NOON)


@pytest.fixture
def simulator(clock: MovableClock) -> Iterator[Simulator]:
    """A simulator that delivers no webhooks."""
    made = create_simulator(
        clock=clock,
        webhook_url="http://127.0.0.1:1/hooks/stripe",
        webhook_secret="whsec_simulated_for_tests",
        public_url="http://127.0.0.1:1",
    )
    yield made
    made.close()


@pytest.fixture
def gateway(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeGateway]:
    """The gateway, which does not wait between tries."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    made = StripeGateway("sk_test_simulated", http_client=simulator.http_client())
    yield made
    made.close()


@pytest.fixture
def customer(gateway: StripeGateway) -> str:
    """Our account, as Stripe knows it."""
    return gateway.create_customer(a_customer(), key="customer:1")
