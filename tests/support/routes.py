"""Routes: every way into a site, for the tests that try all of them, so that none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.support.client import Client, Page

OF_THE_KIT = {"choose_language", "health", "brand_colour", "brand_logo"}
"""Handlers that both sites have from the web kit, which tries them itself."""
_tokens: WeakKeyDictionary[Client, str] = WeakKeyDictionary()
PARAMETER = re.compile(r"\{(\w+):\w+\}")


@dataclass(frozen=True, slots=True)
class Way:
    """One method on one path."""

    name: str
    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def is_public(self) -> bool:
        """Whether it is open to people who have not signed in."""
        return bool(self.handler.opt.get("public"))

    @property
    def wants(self) -> list[str]:
        """What its path names."""
        return PARAMETER.findall(self.path)

    def filled(self, values: Mapping[str, object]) -> str:
        """Its path with these in place of what it names."""
        return PARAMETER.sub(lambda match: str(values[match[1]]), self.path)


def ways(app: Litestar) -> list[Way]:
    """Every way into the site that is its own."""
    found = [
        Way(handler.handler_name.rpartition(".")[2], method, route.path, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method in {"GET", "POST"}
    ]
    return [way for way in found if way.name not in OF_THE_KIT and not way.path.startswith("/health")]


def go(client: Client, way: Way, path: str, form: Mapping[str, str | list[str]] | None = None) -> Page:
    """Go that way: a GET as it is, a POST with the token that a page of the site gave."""
    if way.method == "GET":
        return client.get(path)
    return client.post(path, data={"csrf_token": token(client), **(form or {})})


def token(client: Client) -> str:
    """The token for forms of this browser, from the first page that has a form; it lasts as long as the browser."""
    if client not in _tokens:
        _tokens[client] = _token(client)
    return _tokens[client]


def _token(client: Client) -> str:
    for page in (client.get("/profile"), client.get("/accounts"), client.get("/sign-in")):
        here = page if page.status == 200 else client.follow(page)
        fields = here.all("input", name="csrf_token") if here.tree is not None else []
        if fields:
            return str(fields[0].get("value"))
    raise AssertionError("no page of this site has a form")


def leads_to(page: Page, path: str) -> bool:
    """Whether an answer sends the browser there."""
    return page.status == 303 and urlsplit(page.location).path == path
