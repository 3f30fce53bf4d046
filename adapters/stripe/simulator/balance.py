"""The balance: one transaction for whatever moves it, when that can be paid out, and what stands in it now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adapters.stripe.simulator import listing
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
AVAILABLE_AFTER = 2 * 24 * 3600
"""Seconds until what a charge brought can be paid out."""


def book(
    world: World,
    *,
    amount: int,
    currency: str,
    type_: str,
    category: str,
    source: str | None,
    fee: int = 0,
    fee_description: str = "Stripe processing fees",
    description: str | None = None,
    available_on: int | None = None,
) -> Json:
    """A new balance transaction over `amount` less `fee` (minor units); available at once unless a second is given."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": fee_description,
            "type": "stripe_fee",
        }
    ]
    now = world.now()
    usable = available_on if available_on is not None else now
    return world.keep(
        {
            "id": world.new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": usable,
            "balance_type": "payments",
            "created": now,
            "currency": currency,
            "description": description,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": details if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source,
            "status": "pending" if usable > now else "available",
            "type": type_,
        }
    )


def of_charge(world: World, charge: Json, *, at_once: bool = False) -> Json:
    """The balance transaction of a charge: its amount less the fee, available two days later unless `at_once`."""
    by_card = charge["payment_method_details"]["type"] == "card"
    return book(
        world,
        amount=charge["amount"],
        currency=charge["currency"],
        type_="charge" if by_card else "payment",
        category="charge",
        source=charge["id"],
        fee=world.fee.of(charge["amount"]),
        description=charge["description"],
        available_on=None if at_once else charge["created"] + AVAILABLE_AFTER,
    )


def retrieve(world: World, params: Json, key: str) -> Json:
    """One balance transaction, with the status that it has by now."""
    age(world)
    return world.find("balance_transaction", key)


def list_all(world: World, params: Json) -> Json:
    """Balance transactions, by source, type, currency, payout and time."""
    age(world)
    wanted = {name: params.get(name) for name in ("currency", "source", "type")}
    found = listing.matching(world, "balance_transaction", **wanted)
    if "payout" in params:
        world.find("payout", params["payout"], param="payout")
        found = [entry for entry in found if payout_of(world, entry) == params["payout"]]
    found = listing.made(found, params.get("created"))
    return listing.cut(found, params, "/v1/balance_transactions", among=listing.matching(world, "balance_transaction"))


def now(world: World, params: Json) -> Json:
    """What stands in the balance, by currency: what can be paid out, and what cannot yet."""
    age(world)
    pending: Counter[str] = Counter()
    available: Counter[str] = Counter()
    for entry in world.store.all("balance_transaction"):
        for sums in (pending, available):
            sums[entry["currency"]] += 0
        (pending if entry["status"] == "pending" else available)[entry["currency"]] += entry["net"]
    return {
        "object": "balance",
        "available": _by_currency(available),
        "livemode": False,
        "pending": _by_currency(pending),
    }


def age(world: World) -> None:
    """Let what has become available by now say so."""
    at = world.now()
    for entry in world.store.all("balance_transaction"):
        if entry["status"] == "pending" and entry["available_on"] <= at:
            world.keep(entry | {"status": "available"})


def payout_of(world: World, entry: Json) -> str | None:
    """The automatic payout that a balance transaction went out with."""
    link = world.store.get("payout_entry", entry["id"])
    return str(link["payout"]) if link is not None else None


def _by_currency(sums: Counter[str]) -> list[Json]:
    return [
        {"amount": sums[currency], "currency": currency, "source_types": {"card": sums[currency]}}
        for currency in sorted(sums)
    ]
