"""Stripe on this machine: a small, strict stand-in that the production adapter talks to unchanged."""

from adapters.stripe.simulator.creating import create_simulator
from adapters.stripe.simulator.faults import Fault
from adapters.stripe.simulator.paying import Outcome
from adapters.stripe.simulator.simulator import Simulator
from adapters.stripe.simulator.snapshots import Snapshot
from adapters.stripe.simulator.truth import Truth
from adapters.stripe.simulator.webhooks import Rule
from adapters.stripe.simulator.world import Fee

__all__ = ["Fault", "Fee", "Outcome", "Rule", "Simulator", "Snapshot", "Truth", "create_simulator"]
