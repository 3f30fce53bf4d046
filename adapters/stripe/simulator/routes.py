"""All addresses of the API."""

from __future__ import annotations

from adapters.stripe.simulator.errors import unrecognised_address
from adapters.stripe.simulator.money_routes import MONEY_ROUTES
from adapters.stripe.simulator.paying_routes import PAYING_ROUTES
from adapters.stripe.simulator.route import Route

ROUTES = (*PAYING_ROUTES, *MONEY_ROUTES)


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route of a call and the ids in its address; any other address does not exist."""
    for route in ROUTES:
        keys = route.match(method, path)
        if keys is not None:
            return route, keys
    raise unrecognised_address(method, path)
