"""Payouts through the API: made by hand, read, cancelled."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import balance, events, listing, money
from adapters.stripe.simulator.errors import bad_parameter, refused
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.paying_out import come_back, make
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset({"amount", "currency", "description", "expand", "metadata", "method", "statement_descriptor"})


def create(world: World, params: Json) -> Json:
    """A manual payout; more than the balance has is refused."""
    currency = params["currency"].lower()
    money.check_currency(currency)
    if params["amount"] < 1:
        message = "This value must be greater than or equal to 1."
        raise bad_parameter(message, "amount", "parameter_invalid_integer")
    if params.get("method", "standard") != "standard":
        raise bad_parameter("The simulator makes standard payouts only.", "method")
    usable = sum(entry["net"] for entry in _usable(world, currency))
    if params["amount"] > usable:
        message = (
            "You have insufficient funds in your Stripe account for this transfer. Your available balance is "
            f"{money.spoken(usable, currency)} {currency}."
        )
        raise refused(message, code="balance_insufficient")
    return make(world, params["amount"], currency, params, automatic=False)


def retrieve(world: World, params: Json, key: str) -> Json:
    """One payout."""
    return world.find("payout", key)


def list_all(world: World, params: Json) -> Json:
    """Payouts, by status, time, and the day on which they arrive."""
    found = listing.matching(world, "payout", status=params.get("status"), destination=params.get("destination"))
    found = listing.made(found, params.get("created"))
    found = listing.made(found, params.get("arrival_date"), field="arrival_date")
    return listing.cut(found, params, "/v1/payouts", among=listing.matching(world, "payout"))


def update(world: World, params: Json, key: str) -> Json:
    """Change the metadata."""
    payout = world.find("payout", key)
    payout["metadata"] = merged(payout["metadata"], params.get("metadata", {}))
    world.keep(payout)
    events.emit(world, "payout.updated", payout)
    return payout


def cancel(world: World, params: Json, key: str) -> Json:
    """Take a manual payout back that has not been sent yet."""
    payout = world.find("payout", key)
    if payout["automatic"] or payout["status"] != "pending":
        kind = "Automatic payouts cannot be" if payout["automatic"] else "Only pending payouts can be"
        raise refused(f"{kind} canceled; {key} has a status of {payout['status']}.")
    come_back(world, payout, "canceled", "payout_cancel")
    events.emit(world, "payout.canceled", payout)
    return payout


def _usable(world: World, currency: str) -> list[Json]:
    balance.age(world)
    return listing.matching(world, "balance_transaction", currency=currency, status="available")
