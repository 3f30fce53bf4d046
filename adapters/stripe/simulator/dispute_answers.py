"""Disputes through the API: read, answered with evidence, handed in once, given up."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import disputes, events, listing
from adapters.stripe.simulator.errors import bad_parameter, refused
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset({"evidence", "expand", "metadata", "submit"})
_MAGIC = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence")
_BANK_TAKES = 60
"""Seconds that the bank takes to decide on Stripe's words for tests."""


def retrieve(world: World, params: Json, key: str) -> Json:
    """One dispute."""
    return world.find("dispute", key)


def list_all(world: World, params: Json) -> Json:
    """Disputes, by charge, payment intent and time."""
    wanted = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing.page(world, "dispute", params, "/v1/disputes", **wanted)


def update(world: World, params: Json, key: str) -> Json:
    """Stage evidence and, unless `submit` is false, hand it in: once, and while an answer is waited for."""
    dispute = world.find("dispute", key)
    dispute["metadata"] = merged(dispute["metadata"], params.get("metadata", {}))
    evidence = params.get("evidence", {})
    if evidence:
        _check_answerable(dispute)
        _stage(dispute, evidence)
    if evidence and params.get("submit", True):
        _submit(world, dispute)
    world.keep(dispute)
    events.emit(world, "charge.dispute.updated", dispute)
    return dispute


def close(world: World, params: Json, key: str) -> Json:
    """Give a dispute up: it is lost for good."""
    dispute = world.find("dispute", key)
    if dispute["status"] not in ("needs_response", "under_review"):
        raise refused(f"This dispute is already closed, or cannot be closed: it has a status of {dispute['status']}.")
    disputes.decide(world, dispute, won=False)
    return dispute


def _check_answerable(dispute: Json) -> None:
    if dispute["evidence_details"]["submission_count"]:
        raise refused("This dispute's evidence has already been submitted.", param="evidence")
    if not dispute["status"].endswith("needs_response"):
        raise refused("This dispute is already closed", param="evidence")


def _stage(dispute: Json, evidence: Json) -> None:
    for name, value in evidence.items():
        if name not in dispute["evidence"] or isinstance(value, dict):
            path = f"evidence[{name}]"
            raise bad_parameter(f"The simulator does not know what to do with the parameter '{path}' yet.", path)
        dispute["evidence"][name] = value or None
    dispute["evidence_details"]["has_evidence"] = any(isinstance(value, str) for value in dispute["evidence"].values())


def _submit(world: World, dispute: Json) -> None:
    dispute["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
    dispute["status"] = "warning_under_review" if dispute["status"].startswith("warning_") else "under_review"
    if dispute["evidence"]["uncategorized_text"] in _MAGIC:
        world.schedule("dispute_decide", dispute["id"], world.now() + _BANK_TAKES)
