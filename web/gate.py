"""The gate: what every request passes first and every answer last. Host, proxy, request id, headers, one log line."""

import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from time import perf_counter
from typing import Final

import structlog
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from web.settings import SiteSettings
from web.visit import Site, Visit

log = structlog.get_logger("web")

Headers = list[tuple[bytes, bytes]]

STATIC: Final = "/static/"


class Gate:
    """Wraps a site's application; a plain ASGI callable, because it is in every request's way."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.site = site
        self._app = app
        self._hosts = site.settings.hosts
        self._proxies = frozenset(site.settings.trusted_proxies)
        self._headers = response_headers(site.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, and see its answer out."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not self._ours(headers.get(b"host", b"")):
            await refuse_host(send, self._headers)
            return
        visit = Visit(self.site, new_request_id(), self._address(scope, headers), headers)
        scope.setdefault("state", {})["visit"] = visit
        structlog.contextvars.bind_contextvars(request_id=visit.request_id)
        only_head = scope["method"] == HttpMethod.HEAD
        if only_head:  # answered as GET is, without the body (RFC 9110, 9.3.2)
            scope = scope.copy()  # the server's own still says HEAD: it expects no body
            scope["method"] = HttpMethod.GET
        started, status, told = perf_counter(), 500, not scope["path"].startswith(STATIC)

        async def see_out(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._complete(list(message["headers"]), visit)
            elif only_head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            await self._app(scope, receive, see_out)
        finally:
            if told:
                self._tell(scope, status, perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _complete(self, headers: Headers, visit: Visit) -> Headers:
        named = {name for name, _ in headers}
        headers += [header for header in self._headers if header[0] not in named]
        headers += [(b"set-cookie", cookie) for cookie in visit.set_cookies]
        headers.append((b"x-request-id", visit.request_id.encode()))
        return headers

    def _ours(self, host: bytes) -> bool:
        name = host.decode("latin-1").lower()
        bare = name[: name.find("]") + 1].strip("[]") if name.startswith("[") else name.partition(":")[0]
        return bare in self._hosts

    def _address(self, scope: HTTPScope, headers: Mapping[bytes, bytes]) -> str:
        """Where the request came from; what a proxy says of it counts only when the proxy is one that we know."""
        client = scope.get("client")
        address = client[0] if client else ""
        if address not in self._proxies:
            return address
        scope["scheme"] = "https" if headers.get(b"x-forwarded-proto") == b"https" else scope["scheme"]
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        for hop in reversed(forwarded.split(",")):
            if (last := _as_address(hop)) not in self._proxies:
                return last or address
        return address

    def _tell(self, scope: HTTPScope, status: int, seconds: float) -> None:
        """One line for each request: the route, never the path or the query, for they may carry a token."""
        log.info(
            "request",
            site=self.site.name,
            method=scope["method"],
            route=scope.get("path_template") or "none",
            status=status,
            ms=round(seconds * 1000, 1),
        )


def response_headers(settings: SiteSettings) -> Headers:
    """The headers that every answer has unless it brings its own of that name."""
    form_action = " ".join(("'self'", *settings.form_action_origins))
    policy = (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; "
        f"form-action {form_action}"
    )
    headers = {
        "content-security-policy": policy,
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
        "x-robots-tag": "noindex, nofollow",
    }
    if settings.tls:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def refuse_host(send: Send, headers: Headers) -> None:
    """Answer somebody who asked for a host that is not ours."""
    body = b"This host is not served here.\n"
    named: Headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 400, "headers": [*named, *headers]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def new_request_id() -> str:
    """A short id that a person can read out over the phone."""
    return secrets.token_hex(5)


def _as_address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""
