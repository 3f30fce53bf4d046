"""A simulator in this process, the SDK talking to it, and the same over a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe
from stripe.params.checkout import SessionCreateParams

from adapters.stripe.simulator import Simulator, create_simulator
from domain.shared.clock import MovableClock, SystemClock
from tests.adapters.stripe.simulator.serving import SECRET, Receiver, bound_socket, served

KEY = "sk_test_quittance"
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    """The clock that the simulator in this process runs by."""
    return MovableClock(NOON)


@pytest.fixture
def simulator(clock: MovableClock) -> Iterator[Simulator]:
    """A simulator that delivers only when it is told to."""
    made = create_simulator(
        clock=clock,
        webhook_url="http://127.0.0.1:9/hooks/stripe",
        webhook_secret=SECRET,
        public_url="http://127.0.0.1:4242",
    )
    yield made
    made.close()


@pytest.fixture
def client(simulator: Simulator) -> stripe.StripeClient:
    """The SDK, talking to the simulator without a socket."""
    return stripe.StripeClient(KEY, http_client=simulator.http_client())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint for webhooks on loopback."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def live(receiver: Receiver) -> Iterator[Simulator]:
    """A simulator behind a server, on the machine's clock, delivering to the receiver by itself."""
    taken, url = bound_socket()
    made = create_simulator(
        clock=SystemClock(),
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        public_url=url,
        settle_after=timedelta(),
    )
    with served(made.asgi, taken):
        yield made
    made.close()


@pytest.fixture
def live_client(live: Simulator) -> Iterator[stripe.StripeClient]:
    """The SDK as production uses it: over HTTP, with retries; only the address differs."""
    web = stripe.RequestsClient(timeout=60)
    yield stripe.StripeClient(KEY, base_addresses={"api": live.public_url}, max_network_retries=2, http_client=web)
    web.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def open_session() -> Callable[..., stripe.checkout.Session]:
    """Opens a Session for 123.45 GBP of a new customer."""

    def opened(client: stripe.StripeClient, /, **changes: Any) -> stripe.checkout.Session:
        customer = client.v1.customers.create({"email": "ana@example.com", "name": "Ana"}).id
        return client.v1.checkout.sessions.create(session_body(customer, **changes))

    return opened


def session_body(customer: str, /, **changes: Any) -> SessionCreateParams:
    """The body of a Session as the adapter sends it."""
    body: SessionCreateParams = {
        "mode": "payment",
        "customer": customer,
        "success_url": "http://127.0.0.1:8000/back?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/invoices",
        "adaptive_pricing": {"enabled": False},
        "line_items": [
            {
                "price_data": {"currency": "gbp", "unit_amount": 12345, "product_data": {"name": "Invoice 1001"}},
                "quantity": 1,
            }
        ],
        "metadata": {"payment": "p1"},
        "payment_intent_data": {"metadata": {"payment": "p1"}},
    }
    return body | changes  # type: ignore[return-value]
