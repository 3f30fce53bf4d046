"""Putting a simulator together, and refusing what it must never be used for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from adapters.stripe.simulator import asgi
from adapters.stripe.simulator.clock import SimulatorClock
from adapters.stripe.simulator.events import SUBSCRIBED
from adapters.stripe.simulator.simulator import Simulator
from adapters.stripe.simulator.store import Store
from adapters.stripe.simulator.webhooks import Webhooks
from adapters.stripe.simulator.world import Fee, World
from domain.shared.clock import Clock


def create_simulator(
    *,
    clock: Clock,
    webhook_url: str,
    webhook_secret: str,
    public_url: str,
    state_path: Path | None = None,
    fee: Fee | None = None,
    api_key: str | None = None,
    settle_after: timedelta = timedelta(seconds=2),
    enabled_events: frozenset[str] = SUBSCRIBED,
) -> Simulator:
    """A simulator that delivers to `webhook_url` and whose pages are reached at `public_url`.

    With `api_key` it takes that key only, otherwise any test key; a live key is a ValueError, as is a webhook or a
    page that is not on this machine. With `state_path` (SQLite) it goes on where it was left.
    """
    if api_key is not None and not api_key.startswith(("sk_test_", "rk_test_")):
        raise ValueError("The simulator takes test keys only (sk_test_…); this one is not, or is live.")
    if not webhook_secret:
        raise ValueError("The simulator needs a webhook secret to sign with.")
    for url in (webhook_url, public_url):
        if urlsplit(url).hostname not in asgi.THIS_MACHINE:
            raise ValueError(f"The simulator stays on this machine; {url} does not.")
    world = World(
        store=Store(state_path),
        clock=SimulatorClock(clock),
        public_url=public_url,
        fee=fee if fee is not None else Fee(),
        settle_after=settle_after,
        subscribed=enabled_events,
    )
    webhooks = Webhooks(world, url=webhook_url, secret=webhook_secret)
    return Simulator(world, webhooks, api_key=api_key, application=asgi.application)
