"""Balance transactions: what reached the balance, what was kept as a fee, and when it can be paid out."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import listing
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_AVAILABLE_AFTER = 2 * 24 * 3600


def of_charge(world: World, charge: Json) -> Json:
    """The balance transaction of a succeeded charge: its amount less the fee, available two days later."""
    fee = world.fee.of(charge["amount"])
    return world.keep(
        {
            "id": world.new_id("txn"),
            "object": "balance_transaction",
            "amount": charge["amount"],
            "available_on": charge["created"] + _AVAILABLE_AFTER,
            "balance_type": "payments",
            "created": world.now(),
            "currency": charge["currency"],
            "description": charge["description"],
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [
                {
                    "amount": fee,
                    "application": None,
                    "currency": charge["currency"],
                    "description": "Stripe processing fees",
                    "type": "stripe_fee",
                }
            ],
            "net": charge["amount"] - fee,
            "reporting_category": "charge",
            "source": charge["id"],
            "status": "pending",
            "type": "charge",
        }
    )


def retrieve(world: World, params: Json, key: str) -> Json:
    """One balance transaction, with the status that it has by now."""
    return _aged(world, world.find("balance_transaction", key))


def list_all(world: World, params: Json) -> Json:
    """Balance transactions, by source, type, currency and time."""
    for transaction in world.store.all("balance_transaction"):
        _aged(world, transaction)
    wanted = {name: params.get(name) for name in ("currency", "source", "type")}
    return listing.page(world, "balance_transaction", params, "/v1/balance_transactions", **wanted)


def _aged(world: World, transaction: Json) -> Json:
    if transaction["status"] == "pending" and transaction["available_on"] <= world.now():
        transaction["status"] = "available"
        world.keep(transaction)
    return transaction
