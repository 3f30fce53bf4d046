"""Standing: a site is built once a worker, because that takes half a second; each test puts its own parts behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Litestar

from domain.shared.db.session import Database
from web.gate import Gate
from web.rate_limits import RateLimiter

_built: dict[tuple[object, str], tuple[Litestar, Mapping[str, Any]]] = {}


class Nudges:
    """Counts how often the worker was woken."""

    def __init__(self) -> None:
        self.made: list[None] = []

    def __call__(self) -> None:
        """Wake it."""
        self.made.append(None)


def standing(build: Callable[..., Litestar], *, database: Database, **parts: Any) -> Litestar:
    """The site that `build` makes of these parts; the one that stands already, if there is one for such a business.

    What stands behind it then takes over the state of this test's parts: both see what is done to either. Nobody has
    tried anything yet, as far as its rate limits know.
    """
    key = (build, repr(database.business))
    parts = {"database": database, **parts}
    if key not in _built:
        _built[key] = (build(**parts), parts)
    app, behind = _built[key]
    for name, part in parts.items():
        behind[name].__dict__ = part.__dict__
    gate = app.asgi_handler
    assert isinstance(gate, Gate)
    gate.site.limiter.__dict__ = RateLimiter().__dict__
    return app
