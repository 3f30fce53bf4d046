"""Putting a simulator together: what it refuses to be used for, and going on after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator, create_simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.conftest import KEY, NOON, session_body

GOOD: dict[str, Any] = {
    "clock": MovableClock(NOON),
    "webhook_url": "http://127.0.0.1:8000/hooks/stripe",
    "webhook_secret": "whsec_x",
    "public_url": "http://localhost:4242",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"api_key": "sk_live_abc"}, "test keys only"),
        ({"api_key": "rk_live_abc"}, "test keys only"),
        ({"webhook_secret": ""}, "needs a webhook secret"),
        ({"webhook_url": "https://example.com/hooks"}, "stays on this machine"),
        ({"public_url": "http://10.0.0.1:4242"}, "stays on this machine"),
    ],
)
def test_it_refuses_live_keys_and_other_machines(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        create_simulator(**(GOOD | wrong))


def test_with_a_key_of_its_own_it_takes_no_other() -> None:
    simulator = create_simulator(**GOOD, api_key="sk_test_ours")
    stranger = stripe.StripeClient("sk_test_theirs", http_client=simulator.http_client())

    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.customers.create({})

    simulator.close()


def test_after_a_restart_it_goes_on_where_it_was(tmp_path: Path) -> None:
    state = tmp_path / "simulator.sqlite"
    simulator, client = opened(state)
    customer = client.v1.customers.create({"name": "Ana"}, {"idempotency_key": "customer:1"})
    sessions = [client.v1.checkout.sessions.create(session_body(customer.id)).id for _ in range(2)]
    simulator.pay_session(sessions[0])
    before = [event["id"] for event in simulator.webhooks.pending()]
    simulator.close()

    again, client = opened(state)
    replayed = client.v1.customers.create({"name": "Ana"}, {"idempotency_key": "customer:1"})
    again.pay_session(sessions[1])
    again.settle()
    after = [event["id"] for event in again.webhooks.pending()]
    listed = [session.id for session in client.v1.checkout.sessions.list().data]
    truth = again.truth()
    again.close()

    assert replayed.id == customer.id
    assert (len(before), after[:3]) == (3, before)
    assert listed == sessions[::-1]
    assert truth.gross == {"gbp": 2 * 12345}


def opened(state: Path) -> tuple[Simulator, stripe.StripeClient]:
    """A simulator on a state file, and a client to it."""
    simulator = create_simulator(**GOOD, state_path=state)
    return simulator, stripe.StripeClient(KEY, http_client=simulator.http_client())
