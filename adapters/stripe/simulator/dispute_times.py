"""Disputes that begin, run out or are decided by themselves when their time has come."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import disputes
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


def begin_when_due(world: World, key: str, *, reason: str = "fraudulent", kind: disputes.Kind = "chargeback") -> None:
    """The bank behind one of the test cards disputes its charge."""
    charge = world.find("charge", key)
    disputes.make(world, charge, amount=charge["amount"], reason=reason, kind=kind)


def begin_twice_when_due(world: World, key: str) -> None:
    """Two disputes over one charge, each over a half."""
    charge = world.find("charge", key)
    half = charge["amount"] // 2
    for amount in (half, charge["amount"] - half):
        disputes.make(world, charge, amount=amount, reason="fraudulent", kind="chargeback")


def end_when_due(world: World, key: str) -> None:
    """The deadline has passed: what nobody answered is lost, or, of an inquiry, becomes a chargeback."""
    dispute = world.find("dispute", key)
    if not dispute["status"].endswith("needs_response") or dispute["evidence_details"]["due_by"] > world.now():
        return
    dispute["evidence_details"]["past_due"] = True
    disputes.decide(world, dispute, won=False)


def close_inquiry_when_due(world: World, key: str) -> None:
    """An inquiry that came to nothing is closed in the end."""
    dispute = world.find("dispute", key)
    if dispute["status"].startswith("warning_") and dispute["status"] in disputes.OPEN:
        disputes.decide(world, dispute, won=True)


def decide_when_due(world: World, key: str) -> None:
    """The bank decides by the words that Stripe's documentation gives as evidence for tests."""
    dispute = world.find("dispute", key)
    if dispute["status"] in disputes.OPEN:
        disputes.decide(world, dispute, won=dispute["evidence"]["uncategorized_text"] == "winning_evidence")
