"""Search, which lags: what was made within the last minute is not found yet.

Of Stripe's query language: `field:'value'`, `metadata['key']:'value'` and comparisons of numbers, joined by AND.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from adapters.stripe.simulator.errors import bad_parameter
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
LAG = 60
"""Seconds until something new can be found."""
_TERM = re.compile(
    r"""\s*(?P<field>[a-z_]+)(?:\[(?P<q>["'])(?P<key>[^"']+)(?P=q)\])?\s*(?P<relation>:|>=|<=|>|<)\s*"""
    r"""(?:(?P<r>["'])(?P<text>[^"']*)(?P=r)|(?P<number>[0-9]+))\s*"""
)
_FIELDS = {
    "charge": {"amount", "created", "currency", "customer", "metadata", "status"},
    "customer": {"created", "email", "metadata", "name", "phone"},
    "payment_intent": {"amount", "created", "currency", "customer", "metadata", "status"},
}
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">": int.__gt__,
    ">=": int.__ge__,
    "<": int.__lt__,
    "<=": int.__le__,
}
Test = Callable[[Json], bool]


def search(world: World, params: Json, *, kind: str, address: str) -> Json:
    """One page of the objects of a kind that fit the query, newest first."""
    tests = [_test(term, kind) for term in re.split(r"\s+AND\s+", params["query"])]
    latest = world.now() - LAG
    found = [
        thing
        for thing in reversed(world.store.all(kind))
        if thing["created"] <= latest and all(test(thing) for test in tests)
    ]
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        message = "This value must be between 1 and 100."
        raise bad_parameter(message, "limit", "parameter_invalid_integer")
    start = _start(params.get("page", "0"))
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": address,
    }


def _test(term: str, kind: str) -> Test:
    read = _TERM.fullmatch(term)
    if read is None or read["field"] not in _FIELDS[kind] or (read["field"] == "metadata") != (read["key"] is not None):
        raise bad_parameter(f"We were unable to parse your search query: `{term}`.", "query")
    if read["relation"] != ":" and read["number"] is None:
        raise bad_parameter(f"Only numbers can be compared: `{term}`.", "query")
    if read["number"] is not None:
        return partial(_compares, read["field"], read["relation"], int(read["number"]))
    return partial(_equals, read["field"], read["key"], read["text"])


def _compares(field: str, relation: str, number: int, thing: Json) -> bool:
    value: int = thing[field]
    return value == number if relation == ":" else _COMPARE[relation](value, number)


def _equals(field: str, key: str | None, text: str, thing: Json) -> bool:
    value = thing["metadata"].get(key) if key is not None else thing[field]
    return bool(value == text)


def _start(page: str) -> int:
    if not page.isascii() or not page.isdigit():
        raise bad_parameter("Invalid page.", "page")
    return int(page)


def of(kind: str, address: str) -> Callable[[World, Json], Json]:
    """The search among the objects of a kind, as an act of the API."""
    return partial(search, kind=kind, address=address)
