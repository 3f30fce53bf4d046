"""`expand[]`: ids replaced by the objects that they name, in a copy that is ready to be sent."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator.errors import bad_parameter
from adapters.stripe.simulator.store import copied
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_DEEPEST = 4
_SOURCES = {
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "pyr": "refund",
    "dp": "dispute",
    "du": "dispute",
    "po": "payout",
}
_EXPANDABLE: dict[tuple[str, str], str] = {
    ("balance_transaction", "source"): "source",
    ("charge", "balance_transaction"): "balance_transaction",
    ("charge", "customer"): "customer",
    ("charge", "payment_intent"): "payment_intent",
    ("checkout.session", "customer"): "customer",
    ("checkout.session", "line_items"): "line_items",
    ("checkout.session", "payment_intent"): "payment_intent",
    ("payment_intent", "customer"): "customer",
    ("payment_intent", "payment_method"): "payment_method",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
    ("payment_method", "customer"): "customer",
    ("payout", "balance_transaction"): "balance_transaction",
    ("payout", "failure_balance_transaction"): "balance_transaction",
    ("radar.early_fraud_warning", "charge"): "charge",
    ("radar.early_fraud_warning", "payment_intent"): "payment_intent",
    ("refund", "balance_transaction"): "balance_transaction",
    ("refund", "charge"): "charge",
    ("refund", "failure_balance_transaction"): "balance_transaction",
    ("refund", "payment_intent"): "payment_intent",
    ("setup_intent", "customer"): "customer",
    ("setup_intent", "mandate"): "mandate",
    ("setup_intent", "payment_method"): "payment_method",
    ("checkout.session", "setup_intent"): "setup_intent",
    ("charge", "failure_balance_transaction"): "balance_transaction",
    ("payment_intent", "latest_charge"): "charge",
    ("mandate", "payment_method"): "payment_method",
}


def expanded(world: World, thing: Json, paths: list[str]) -> Json:
    """A copy of `thing` with every path expanded, however deep (four levels at most)."""
    answer = copied(thing)
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise bad_parameter(f"You cannot expand more than {_DEEPEST} levels of a property: {path}", "expand")
        _expand(world, answer, steps, path)
    return answer


def _expand(world: World, thing: Any, steps: list[str], path: str) -> None:
    if not steps or thing is None:
        return
    if thing.get("object") in ("list", "search_result") and steps[0] == "data":
        for item in thing["data"]:
            _expand(world, item, steps[1:], path)
        return
    step, rest = steps[0], steps[1:]
    kind = _EXPANDABLE.get((thing.get("object", ""), step))
    if kind is None:
        raise bad_parameter(f"This property cannot be expanded ({path}).", "expand")
    key = thing["id"] if step == "line_items" else thing.get(step)
    if isinstance(key, str):
        kind = _SOURCES.get(key.partition("_")[0], "") if kind == "source" else kind
        found = world.store.get(kind, key) or world.store.get(f"deleted_{kind}", key)
        thing[step] = copied(found) if found else None
    _expand(world, thing.get(step), rest, path)
