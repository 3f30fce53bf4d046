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
FILES = frozenset(
    {
        "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation",
        "receipt", "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
    }
)  # fmt: skip
"""The fields that name an uploaded file; all others are texts."""
MOST_CHARACTERS = 150_000
MOST_BYTES = 4_500_000
"""How much all texts, and all files, of one dispute may be together."""
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
        _stage(world, dispute, evidence)
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


def _stage(world: World, dispute: Json, evidence: Json) -> None:
    for name, value in evidence.items():
        path = f"evidence[{name}]"
        if name not in dispute["evidence"] or isinstance(value, dict):
            raise bad_parameter(f"The simulator does not know what to do with the parameter '{path}' yet.", path)
        if name in FILES and value:
            world.find("file", value, param=path)
        dispute["evidence"][name] = value or None
    _check_limits(world, dispute)
    dispute["evidence_details"]["has_evidence"] = any(isinstance(value, str) for value in dispute["evidence"].values())


def _check_limits(world: World, dispute: Json) -> None:
    given = {name: value for name, value in dispute["evidence"].items() if isinstance(value, str)}
    characters = sum(len(value) for name, value in given.items() if name not in FILES)
    if characters > MOST_CHARACTERS:
        raise refused(f"The combined character count of all fields is limited to {MOST_CHARACTERS}.", param="evidence")
    sizes = sum(world.find("file", value)["size"] for name, value in given.items() if name in FILES)
    if sizes > MOST_BYTES:
        raise refused(f"The combined size of all evidence files is limited to {MOST_BYTES} bytes.", param="evidence")


def _submit(world: World, dispute: Json) -> None:
    dispute["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
    dispute["status"] = "warning_under_review" if dispute["status"].startswith("warning_") else "under_review"
    if dispute["evidence"]["uncategorized_text"] in _MAGIC:
        world.schedule("dispute_decide", dispute["id"], world.now() + _BANK_TAKES)
