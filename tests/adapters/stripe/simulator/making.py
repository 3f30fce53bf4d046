"""Short ways to make things at the simulator, and to read what came of them."""

from __future__ import annotations

from typing import Any

import stripe

from adapters.stripe.simulator import Simulator


def paid(client: stripe.StripeClient, **changes: Any) -> stripe.PaymentIntent:
    """A payment of 50.00 EUR by card, as changed."""
    body: Any = {
        "amount": 5000,
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "allowed_payment_method_types": ["card"],
        "confirm": True,
    }
    return client.v1.payment_intents.create(body | changes)


def entries(client: stripe.StripeClient, category: str) -> list[tuple[str, str, int, int, Any]]:
    """The balance transactions of a reporting category, newest first: type, category, amount, fee, source."""
    found = client.v1.balance_transactions.list({"limit": 100})
    return [
        (entry.type, entry.reporting_category, entry.amount, entry.fee, entry.source)
        for entry in found
        if entry.reporting_category == category
    ]


def types_since(simulator: Simulator, count: int) -> list[str]:
    """The types of the events after the first `count`, oldest first."""
    return [event["type"] for event in simulator.world.store.all("event")[count:]]
