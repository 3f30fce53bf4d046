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
    return cut(made(matching(world, kind, **wanted), params.get("created")), params, address)


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


def cut(found: list[Json], params: Json, address: str) -> Json:
    """The page of `found` (newest first) that the cursors and the limit ask for."""
    limit = _limit(params.get("limit", 10))
    if "starting_after" in params and "ending_before" in params:
        raise bad_parameter("You may only specify one of these parameters: starting_after, ending_before.", "limit")
    if "ending_before" in params:
        before = found[: _place(found, params["ending_before"], "ending_before")]
        return _list(before[-limit:], len(before) > limit, address)
    start = _place(found, params["starting_after"], "starting_after") + 1 if "starting_after" in params else 0
    return _list(found[start : start + limit], len(found) > start + limit, address)


def _limit(limit: int) -> int:
    if limit < 1:
        raise bad_parameter("This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer")
    if limit > 100:
        message = f"This value must be less than or equal to 100 (it currently is '{limit}')."
        raise bad_parameter(message, "limit", "parameter_invalid_integer")
    return limit


def _place(found: list[Json], key: str, param: str) -> int:
    for place, thing in enumerate(found):
        if thing["id"] == key:
            return place
    raise no_such("object", key, param=param)


def _list(data: list[Json], more: bool, address: str) -> Json:
    return {"object": "list", "url": address, "has_more": more, "data": data}
