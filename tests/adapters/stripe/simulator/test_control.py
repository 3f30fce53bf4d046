"""The controls over HTTP: the same power from another process, and from no web page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import stripe

from adapters.stripe.simulator import Simulator

OpenSession = Callable[..., stripe.checkout.Session]


@pytest.fixture
def controls(live: Simulator) -> Iterator[httpx.Client]:
    """A plain HTTP client at the simulator's address."""
    with httpx.Client(base_url=live.public_url, trust_env=False) as web:
        yield web


def test_webhooks_are_held_counted_and_flushed(
    live: Simulator, controls: httpx.Client, live_client: stripe.StripeClient, open_session: OpenSession, receiver: Any
) -> None:
    controls.post("/_control/hold", json={}).raise_for_status()
    live.pay_session(open_session(live_client).id)
    waiting = [event["type"] for event in controls.get("/_control/pending").json()]

    flushed = controls.post("/_control/flush", json={"order": "reversed", "copies": 2}).json()

    got = [receiver.events.get(timeout=60).type for _ in range(flushed["accepted"])]
    assert flushed == {"accepted": 2 * len(waiting)}
    assert got == (waiting * 2)[::-1]


def test_faults_and_rules_are_ordered_and_forgotten(
    controls: httpx.Client, live_client: stripe.StripeClient, live: Simulator
) -> None:
    fault = {"kind": "answer", "method": "POST", "path": "/v1/customers", "status": 429}
    controls.post("/_control/faults", json=fault).raise_for_status()
    controls.post("/_control/rules", json={"action": "drop"}).raise_for_status()

    with pytest.raises(stripe.RateLimitError):
        live_client.v1.customers.create({})
    controls.post("/_control/faults", json=fault).raise_for_status()
    controls.post("/_control/clear", json={}).raise_for_status()

    assert live_client.v1.customers.create({}).object == "customer"


def test_the_clock_moves_and_the_truth_is_told(
    live: Simulator, controls: httpx.Client, live_client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(live_client)
    live.pay_session(session.id)
    given_up = open_session(live_client)

    controls.post("/_control/settle", json={}).raise_for_status()
    controls.post("/_control/clock", json={"seconds": 25 * 3600}).raise_for_status()

    assert controls.get("/_control/truth").json()["net"] == {"gbp": 11957}
    assert live_client.v1.checkout.sessions.retrieve(given_up.id).status == "expired"


@pytest.mark.parametrize(
    ("body", "status"), [({"kind": "explode", "method": "GET", "path": "/"}, 400), ({"surprise": 1}, 400)]
)
def test_a_wrong_order_is_refused(controls: httpx.Client, body: dict[str, Any], status: int) -> None:
    assert controls.post("/_control/faults", json=body).status_code == status


def test_a_web_pages_form_cannot_reach_the_controls(controls: httpx.Client) -> None:
    assert controls.post("/_control/hold", data={"a": "b"}).status_code == 403


def test_another_name_for_this_machine_is_refused(controls: httpx.Client) -> None:
    for path in ("/_control/truth", "/v1/customers", "/c/pay/cs_test_x"):
        assert controls.get(path, headers={"Host": "evil.example"}).status_code == 403


def test_banks_and_people_at_the_dashboard_act_over_http(
    live: Simulator, controls: httpx.Client, live_client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(live_client)
    live.pay_session(session.id)
    intent = live_client.v1.checkout.sessions.retrieve(session.id).payment_intent

    charge = controls.post("/_control/acts/charge_of", json={"intent": intent}).json()["answer"]
    dispute = controls.post("/_control/acts/dispute", json={"charge": charge, "amount": 500}).json()["answer"]
    answers = [
        controls.post(f"/_control/acts/{act}", json=body).status_code
        for act, body in (
            ("dispute", {"charge": charge, "amount": 0}),
            ("dispute", {"surprise": 1}),
            ("answer_debit", {"charge": charge}),
            ("acting", {}),
        )
    ]

    assert (dispute["status"], dispute["amount"]) == ("needs_response", 500)
    assert answers == [400, 400, 400, 404]
