"""A whole world kept in memory and brought back, as often as wanted: for walking a tree of what may happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from adapters.stripe.simulator.store import Records
from adapters.stripe.simulator.webhooks import Webhooks
from adapters.stripe.simulator.world import World


@dataclass(frozen=True)
class Snapshot:
    """A world at a moment; nothing that happens later changes it. Ordered faults and rules are no part of it."""

    records: Records
    lead: timedelta
    held: bool


def take(world: World, webhooks: Webhooks) -> Snapshot:
    """The world as it is; the caller holds its lock."""
    return Snapshot(world.store.copy(), world.clock.lead, webhooks.held)


def bring_back(world: World, webhooks: Webhooks, snapshot: Snapshot) -> None:
    """Make the world what it was; the caller holds its lock."""
    world.store.replace(snapshot.records)
    world.clock.lead = snapshot.lead
    webhooks.held = snapshot.held
