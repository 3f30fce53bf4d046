"""Balance transactions that no payment brings about: Stripe's own fees, top-ups, reserves, corrections."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import balance
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_TYPES = {
    "contribution": "contribution",
    "fee": "stripe_fee",
    "network_cost": "stripe_fee",
    "other_adjustment": "adjustment",
    "reserve_transaction": "reserve_transaction",
    "tax": "tax_fee",
    "topup": "topup",
    "topup_reversal": "topup_reversal",
}
"""The type that goes with a reporting category (docs.stripe.com/reports/reporting-categories)."""


def book(world: World, category: str, amount: int, currency: str, *, fee: int = 0, type_: str | None = None) -> Json:
    """An entry of any reporting category over `amount` (minor units, signed) less `fee`, available at once."""
    return balance.book(
        world,
        amount=amount,
        currency=currency.lower(),
        type_=type_ or _TYPES.get(category, "adjustment"),
        category=category,
        source=None,
        fee=fee,
        description=f"Simulated: {category}",
    )
