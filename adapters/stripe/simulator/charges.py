"""Charges: one for each attempt, succeeded, pending or failed; settled a moment after they were made."""

from __future__ import annotations

from typing import Any, Literal

from adapters.stripe.simulator import balance, charge_details, events, listing, payment_methods
from adapters.stripe.simulator.cards import Decline
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
State = Literal["succeeded", "pending", "failed"]
_TROUBLE_AFTER = 60
"""Seconds from a charge to the dispute or the warning that its card number brings about."""


def make(
    world: World,
    intent: Json,
    method: Json,
    *,
    state: State = "succeeded",
    decline: Decline | None = None,
    authenticated: bool = False,
    mandate: str | None = None,
) -> Json:
    """The charge of an attempt; what does not fail settles later, so its balance transaction is empty at first."""
    failed = state == "failed"
    charge: Json = {
        "id": world.new_id("ch" if method["type"] == "card" else "py"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if failed else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": dict(method["billing_details"]),
        "calculated_statement_descriptor": "SIMULATED",
        "captured": not failed,
        "created": world.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": charge_details.outcome(decline),
        "paid": state == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": charge_details.of(
            world, method, intent, authenticated=authenticated, mandate=mandate
        ),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": state,
        "transfer_data": None,
        "transfer_group": None,
    }
    world.keep(charge)
    events.emit(world, f"charge.{state}", charge)
    if not failed:
        _foresee(world, charge)
    return charge


def _foresee(world: World, charge: Json) -> None:
    """What will become of a charge: it settles, and the number of its card may bring trouble."""
    world.schedule("settle", charge["id"], world.now() + int(world.settle_after.total_seconds()))
    trouble = payment_methods.trouble_after(world, charge["payment_method"])
    if trouble != "nothing":
        world.schedule(trouble, charge["id"], world.now() + _TROUBLE_AFTER)


def settle(world: World, key: str) -> None:
    """Give a charge its balance transaction, and say so; one that has failed by now never gets any."""
    charge = world.find("charge", key)
    if charge["status"] == "failed":
        return
    at_once = payment_methods.available_at_once(world, charge["payment_method"])
    charge["balance_transaction"] = balance.of_charge(world, charge, at_once=at_once)["id"]
    world.keep(charge)
    events.emit(world, "charge.updated", charge, previous={"balance_transaction": None})


def retrieve(world: World, params: Json, key: str) -> Json:
    """One charge."""
    return world.find("charge", key)


def list_all(world: World, params: Json) -> Json:
    """Charges, by customer, payment intent and time."""
    wanted = {"customer": params.get("customer"), "payment_intent": params.get("payment_intent")}
    return listing.page(world, "charge", params, "/v1/charges", **wanted)
