"""At hand: a site that a real browser visits without a network; each of its requests is answered in this process."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Browser, BrowserContext, Request, Route

from e2e.support.visitor import Onlooker
from tests.support.client import Client, Page

OF_THE_WAY = {"content-length", "content-encoding", "transfer-encoding"}
"""Headers about how an answer came, not about what came."""


class AtHand:
    """One browser's visits to a site by `client`, who has signed in; the onlooker sees what it shows."""

    def __init__(self, context: BrowserContext, client: Client, address: str, *, thorough: bool) -> None:
        self.client = client
        self.onlooker = Onlooker(context.new_page(), thorough=thorough)
        self._context = context
        self._address = address
        self._shown: dict[str, Page] = {}
        context.route("**/*", self._answer)

    @classmethod
    def opened(cls, browser: Browser, client: Client, address: str, *, thorough: bool) -> Self:
        """A window of its own for somebody."""
        context = browser.new_context(locale="en-GB", reduced_motion="reduce")
        return cls(context, client, address, thorough=thorough)

    def show(self, answer: Page, what: str, *, both_ways: bool = True) -> None:
        """Have the browser show what came, under the address that it came from, and look at it, or only wide."""
        url = f"{self._address}{answer.path}"
        self._shown[url] = answer
        self.onlooker.page.goto(url)
        if both_ways:
            self.onlooker.look_both_ways(what, wide_first=True)
        else:
            self.onlooker.look(what)

    def close(self) -> None:
        """Close the window; nobody may have anything to complain about."""
        self._context.close()
        assert not self.onlooker.complaints, "\n".join(self.onlooker.complaints)

    def _answer(self, route: Route, request: Request) -> None:
        answer = self._shown.pop(request.url, None) or self.client.get(request.url.removeprefix(self._address))
        headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_WAY}
        route.fulfill(status=answer.status, headers=headers, body=answer.response.content)
