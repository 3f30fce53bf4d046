"""Payouts: what leaves the balance for the bank, by itself or by request, and comes back when the bank refuses it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.stripe.simulator import balance, events, listing
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_SENT_AFTER = 3600
"""Seconds until a payout is on its way, and, of an automatic one, all that it consists of is known."""
_TRAVELS = timedelta(days=2)
_FAILURES = {
    "account_closed": "The bank account has been closed",
    "account_frozen": "The bank account has been frozen",
    "could_not_process": "The bank could not process this payout",
    "invalid_account_number": "The routing number seems correct, but the account number is invalid",
    "no_account": "The bank account details on file are probably incorrect",
}
_ALIVE = ("pending", "in_transit", "paid")


def make_automatic(world: World, currency: str | None = None) -> list[Json]:
    """A payout for each currency (or the one) in which something is available, over all of it."""
    made = []
    balance.age(world)
    by_currency: dict[str, list[Json]] = defaultdict(list)
    for entry in _unlinked(world):
        by_currency[entry["currency"]].append(entry)
    for each in [currency] if currency is not None else sorted(by_currency):
        amount = sum(entry["net"] for entry in by_currency[each])
        if amount < 1:
            continue
        payout = make(world, amount, each, {}, automatic=True)
        for entry in by_currency[each]:
            _link(world, entry["id"], payout)
        _link(world, payout["balance_transaction"], payout)
        made.append(payout)
    return made


def fail(world: World, key: str, code: str) -> Json:
    """The bank refuses a payout, also days after it was paid; the money is in the balance again."""
    payout = world.find("payout", key)
    if payout["status"] not in _ALIVE:
        raise ValueError(f"The payout {key} is {payout['status']} and cannot fail any more.")
    if code not in _FAILURES:
        raise ValueError(f"{code} is no reason for which a bank refuses a payout; one of {', '.join(_FAILURES)} is.")
    payout.update(failure_code=code, failure_message=_FAILURES[code])
    come_back(world, payout, "failed", "payout_failure")
    events.emit(world, "payout.failed", payout)
    return payout


def send_when_due(world: World, key: str) -> None:
    """A payout is on its way; what an automatic one consists of is known now."""
    payout = world.find("payout", key)
    if payout["status"] == "pending":
        payout["status"] = "in_transit"
        world.keep(payout)
        events.emit(world, "payout.updated", payout, previous={"status": "pending"})
    if payout["reconciliation_status"] == "in_progress":
        payout["reconciliation_status"] = "completed"
        world.keep(payout)
        events.emit(world, "payout.reconciliation_completed", payout)


def arrive_when_due(world: World, key: str) -> None:
    """A payout that nothing happened to is expected to be on the bank account."""
    send_when_due(world, key)
    payout = world.find("payout", key)
    if payout["status"] == "in_transit":
        payout["status"] = "paid"
        world.keep(payout)
        events.emit(world, "payout.paid", payout)


def make(world: World, amount: int, currency: str, params: Json, *, automatic: bool) -> Json:
    """A payout that has not been sent yet, and its balance transaction; it sends itself, and arrives."""
    arrival = _midnight(world.now() + int(_TRAVELS.total_seconds()))
    payout: Json = {
        "id": world.new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": arrival,
        "automatic": automatic,
        "balance_transaction": None,
        "created": world.now(),
        "currency": currency,
        "description": "STRIPE PAYOUT" if automatic else params.get("description"),
        "destination": f"ba_simulated_{currency}",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": merged({}, params.get("metadata", {})),
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
    entry = _entry(world, payout, -amount, "payout", "payout")
    payout["balance_transaction"] = entry["id"]
    world.keep(payout)
    events.emit(world, "payout.created", payout)
    world.schedule("payout_send", payout["id"], world.now() + _SENT_AFTER)
    world.schedule("payout_arrive", payout["id"], arrival)
    return payout


def come_back(world: World, payout: Json, status: str, type_: str) -> None:
    """The money of a payout is in the balance again."""
    entry = _entry(world, payout, payout["amount"], type_, "payout_reversal")
    payout.update(status=status, failure_balance_transaction=entry["id"])
    world.keep(payout)


def _entry(world: World, payout: Json, amount: int, type_: str, category: str) -> Json:
    return balance.book(
        world,
        amount=amount,
        currency=payout["currency"],
        type_=type_,
        category=category,
        source=payout["id"],
        description=payout["description"],
    )


def _unlinked(world: World) -> list[Json]:
    """What is available and has not gone out with an automatic payout."""
    entries = listing.matching(world, "balance_transaction", status="available")
    return [entry for entry in entries if balance.payout_of(world, entry) is None]


def _link(world: World, entry: str, payout: Json) -> None:
    world.store.put("payout_entry", entry, {"payout": payout["id"]})


def _midnight(second: int) -> int:
    day = datetime.fromtimestamp(second, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(day.timestamp())
