"""How refunds end that have been made: they arrive, or come back."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import balance, events
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


def succeed_when_due(world: World, key: str) -> None:
    """A refund that was on its way has arrived."""
    refund = world.find("refund", key)
    if refund["status"] == "pending":
        refund.update(status="succeeded", pending_reason=None)
        world.keep(refund)
        events.emit(world, "refund.updated", refund, previous={"status": "pending"})


def fail_when_due(world: World, key: str) -> None:
    """The bank sends a refund back, if it has not done so before."""
    if world.find("refund", key)["status"] in ("pending", "succeeded"):
        fail(world, key, "lost_or_stolen_card")


def fail(world: World, key: str, reason: str) -> Json:
    """The bank sends a refund back: its money is in the balance again, and the charge can be refunded anew."""
    refund = world.find("refund", key)
    if refund["status"] not in ("pending", "succeeded"):
        raise ValueError(f"The refund {key} is {refund['status']} and cannot fail any more.")
    previous = {"status": refund["status"]}
    refund["failure_reason"] = reason
    come_back(world, refund, "failed")
    events.emit(world, "refund.updated", refund, previous=previous)
    events.emit(world, "refund.failed", refund)
    return refund


def note_on_charge(world: World, charge: Json, amount: int) -> None:
    """So much more, or less, of a charge is refunded."""
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.keep(charge)


def come_back(world: World, refund: Json, status: str) -> None:
    """The money of a refund is in the balance again, and the charge can be refunded anew."""
    refund.update(
        status=status,
        pending_reason=None,
        failure_balance_transaction=balance.book(
            world,
            amount=refund["amount"],
            currency=refund["currency"],
            type_="refund_failure",
            category="refund_failure",
            source=refund["id"],
            description=f"REFUND {status.upper()}",
        )["id"],
    )
    world.keep(refund)
    note_on_charge(world, world.find("charge", refund["charge"]), -refund["amount"])
