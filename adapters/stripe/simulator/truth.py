"""What really happened, told without the API: for tests that compare their books with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from adapters.stripe.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """What really happened, to compare books with; amounts in minor units, currencies in lower case.

    net, gross, fee: the sums of all balance transactions, by currency.
    net_by_category: the sums of their nets, by currency and then by reporting category.
    unsettled: what succeeded and has no balance transaction yet; processing: bank debits that nobody has answered.
    charges: how many charges succeeded, by payment intent; paid: over how much.
    refunded: what is refunded and has not come back, by charge.
    disputes: the state of each; withdrawn: what each has moved in the balance, net of fees.
    payouts: the state of each; paid_out: the sum of those that have not come back, by currency.
    """

    net: dict[str, int]
    gross: dict[str, int]
    fee: dict[str, int]
    net_by_category: dict[str, dict[str, int]]
    unsettled: dict[str, int]
    processing: dict[str, int]
    charges: dict[str, int]
    paid: dict[str, int]
    refunded: dict[str, int]
    disputes: dict[str, str]
    withdrawn: dict[str, int]
    payouts: dict[str, str]
    paid_out: dict[str, int]


def truth_of(world: World) -> Truth:
    """The truth of a world; the caller holds its lock."""
    entries = world.store.all("balance_transaction")
    charges = world.store.all("charge")
    succeeded = [charge for charge in charges if charge["paid"]]
    disputes = world.store.all("dispute")
    payouts = world.store.all("payout")
    return Truth(
        net=_sums(entries, "net"),
        gross=_sums(entries, "amount"),
        fee=_sums(entries, "fee"),
        net_by_category=_by_category(entries),
        unsettled=_sums([charge for charge in succeeded if charge["balance_transaction"] is None], "amount"),
        processing=_sums([charge for charge in charges if charge["status"] == "pending"], "amount"),
        charges=dict(Counter(charge["payment_intent"] for charge in succeeded)),
        paid=_sums(succeeded, "amount", by="payment_intent"),
        refunded={charge["id"]: charge["amount_refunded"] for charge in charges if charge["amount_refunded"]},
        disputes={dispute["id"]: dispute["status"] for dispute in disputes},
        withdrawn={
            dispute["id"]: sum(entry["net"] for entry in dispute["balance_transactions"]) for dispute in disputes
        },
        payouts={payout["id"]: payout["status"] for payout in payouts},
        paid_out=_sums([payout for payout in payouts if payout["failure_balance_transaction"] is None], "amount"),
    )


def _sums(things: list[Json], field: str, *, by: str = "currency") -> dict[str, int]:
    sums: Counter[str] = Counter()
    for thing in things:
        sums[thing[by]] += thing[field]
    return dict(sums)


def _by_category(entries: list[Json]) -> dict[str, dict[str, int]]:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        sums[entry["currency"]][entry["reporting_category"]] += entry["net"]
    return {currency: dict(found) for currency, found in sums.items()}
