"""Strict: stands before a site and reads every page and every fragment that it answers as strictly as we promise."""

from __future__ import annotations

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.html import parse


class Strict:
    """A site, unchanged; `complaints` is all that its HTML did wrong, wherever a browser asked for it."""

    def __init__(self, site: ASGIApp, complaints: list[str]) -> None:
        self._site = site
        self._complaints = complaints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and read along."""
        html, body = False, b""

        async def read_along(message: Message) -> None:
            nonlocal html, body
            if message["type"] == "http.response.start":
                html = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
            elif message["type"] == "http.response.body" and html:
                body += message.get("body", b"")
            await send(message)

        await self._site(scope, receive, read_along)
        if body:
            self._check(str(scope["path"]), body.decode())

    def _check(self, path: str, html: str) -> None:
        try:
            parse(html)
        except AssertionError as problem:
            self._complaints.append(f"{path}: {problem}")
