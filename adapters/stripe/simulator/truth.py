"""What really happened, told without the API: for tests that compare their books with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from adapters.stripe.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """What really happened, to compare books with; amounts in minor units by currency (lower case).

    net, gross and fee add up all balance transactions; unsettled is what succeeded and has none yet; charges counts
    the succeeded charges of each payment intent.
    """

    net: dict[str, int] = field(default_factory=dict)
    gross: dict[str, int] = field(default_factory=dict)
    fee: dict[str, int] = field(default_factory=dict)
    unsettled: dict[str, int] = field(default_factory=dict)
    charges: dict[str, int] = field(default_factory=dict)


def truth_of(world: World) -> Truth:
    """The truth of a world; the caller holds its lock."""
    transactions = world.store.all("balance_transaction")
    succeeded = [charge for charge in world.store.all("charge") if charge["paid"]]
    waiting = [charge for charge in succeeded if charge["balance_transaction"] is None]
    return Truth(
        net=_sums(transactions, "net"),
        gross=_sums(transactions, "amount"),
        fee=_sums(transactions, "fee"),
        unsettled=_sums(waiting, "amount"),
        charges=dict(Counter(charge["payment_intent"] for charge in succeeded)),
    )


def _sums(things: list[Json], field_name: str) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for thing in things:
        sums[thing["currency"]] += thing[field_name]
    return dict(sums)
