"""Fixtures for the composition root: everything wired to the simulator, with webhooks that go straight to the hook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import stripe
from litestar import Litestar
from litestar.testing import TestClient

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator, create_simulator
from app.hooks import stripe_hook
from app.settings import demo_environment, read_settings
from app.wired import Wired
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.outside import MemoryMail, MemoryStore, PlainRenderer
from web.rendering import Renderer

HERE = "http://127.0.0.1:1"
SECRET = "whsec_simulated_for_tests"


@pytest.fixture
def simulator(clock: MovableClock) -> Iterator[Simulator]:
    made = create_simulator(clock=clock, webhook_url=f"{HERE}/hooks/stripe", webhook_secret=SECRET, public_url=HERE)
    yield made
    made.close()


@pytest.fixture
def wired(
    committed_db: Database, business: Business, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Wired]:
    """Everything, with a database that really commits and the simulator in place of Stripe."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    environ = demo_environment({"QUITTANCE_HOME": str(tmp_path)}, simulator_url=HERE)
    gateway = StripeGateway("sk_test_simulated", http_client=simulator.http_client())
    yield Wired(
        settings=read_settings(environ),
        database=committed_db,
        processor=gateway,
        mailer=MemoryMail(),
        store=MemoryStore(),
        renderer=PlainRenderer(),
        letters=Renderer(business.time_zone, {"business": business}),
    )
    gateway.close()


@pytest.fixture
def hook(wired: Wired) -> Iterator[TestClient[Litestar]]:
    """The hook alone, as an application."""
    handler = stripe_hook(wired.database, secrets=[SECRET], livemode=False, tally=wired.tally, nudge=wired.nudge)
    with TestClient(Litestar([handler])) as client:
        yield client


@pytest.fixture
def deliver(hook: TestClient[Litestar]) -> Callable[[bytes, Mapping[str, str]], int]:
    """How the simulator reaches the hook without a network."""

    def send(body: bytes, headers: Mapping[str, str]) -> int:
        return hook.post("/hooks/stripe", content=body, headers=dict(headers)).status_code

    return send
