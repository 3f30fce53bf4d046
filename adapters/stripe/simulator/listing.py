"""Lists as Stripe answers them: newest first, filtered, in pages behind a cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.stripe.simulator.errors import bad_parameter, no_such
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": int.__gt__,
    "gte": int.__ge__,
    "lt": int.__lt__,
    "lte": int.__le__,
}


def page(world: World, kind: str, params: Json, address: str, **wanted: Any) -> Json:
    """One page of the objects of a kind whose fields equal the `wanted` ones that are not None."""
    found = made(matching(world, kind, **wanted), params.get("created"))
    return cut(found, params, address, among=matching(world, kind))


def matching(world: World, kind: str, **wanted: Any) -> list[Json]:
    """The objects of a kind, newest first, whose fields equal the `wanted` ones that are not None."""
    asked = {field: value for field, value in wanted.items() if value is not None}
    return [thing for thing in reversed(world.store.all(kind)) if all(thing[field] == asked[field] for field in asked)]


def made(found: list[Json], created: int | Json | None, *, field: str = "created") -> list[Json]:
    """Those of `found` that were made at the second, or within the bounds (`gt`, `gte`, `lt`, `lte`)."""
    if created is None:
        return found
    bounds = {"gte": created, "lte": created} if isinstance(created, int) else created
    return [thing for thing in found if all(_COMPARE[relation](thing[field], bounds[relation]) for relation in bounds)]


def cut(found: list[Json], params: Json, address: str, *, among: list[Json] | None = None) -> Json:
    """The page of `found` (newest first) that the cursors and the limit ask for.

    A cursor may be anything `among` which was chosen (newest first): a page that begins after something which no
    longer fits the filters begins where that stood.
    """
    limit = _limit(params.get("limit", 10))
    if "starting_after" in params and "ending_before" in params:
        raise bad_parameter("You may only specify one of these parameters: starting_after, ending_before.", "limit")
    everything = found if among is None else among
    if "ending_before" in params:
        newer = _newer(everything, params["ending_before"], "ending_before")
        before = [thing for thing in found if thing["id"] in newer]
        return _list(before[-limit:], len(before) > limit, address)
    if "starting_after" in params:
        cursor = params["starting_after"]
        passed = _newer(everything, cursor, "starting_after") | {cursor}
        found = [thing for thing in found if thing["id"] not in passed]
    return _list(found[:limit], len(found) > limit, address)


def _limit(limit: int) -> int:
    if limit < 1:
        raise bad_parameter("This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer")
    if limit > 100:
        message = f"This value must be less than or equal to 100 (it currently is '{limit}')."
        raise bad_parameter(message, "limit", "parameter_invalid_integer")
    return limit


def _newer(everything: list[Json], key: str, param: str) -> set[str]:
    """The ids of what is newer than the cursor, which has to exist."""
    for place, thing in enumerate(everything):
        if thing["id"] == key:
            return {newer["id"] for newer in everything[:place]}
    raise no_such("object", key, param=param)


def _list(data: list[Json], more: bool, address: str) -> Json:
    return {"object": "list", "url": address, "has_more": more, "data": data}
