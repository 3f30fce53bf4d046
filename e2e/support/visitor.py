"""The visitor: opens pages in a real browser; and the onlooker in each of them, who notices whatever is wrong."""

from __future__ import annotations

from typing import ClassVar, Final
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize, expect

from e2e.support.accessible import complaints
from tests.support.house import House

EXPECTED_ANSWERS = ("the server responded with a status of 4", "the server responded with a status of 503")
NARROW: Final[ViewportSize] = {"width": 320, "height": 700}
WIDE: Final[ViewportSize] = {"width": 1280, "height": 800}


class Onlooker:
    """Looks at what one browser shows; `complaints` is all that a page did wrong."""

    _looked: ClassVar[set[tuple[str, int, bool]]] = set()

    def __init__(self, page: Page, *, script: bool = True, thorough: bool = False) -> None:
        self.page = page
        self.script = script
        self.thorough = thorough
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._request)

    def look(self, what: str, *, all_rules: bool = True) -> None:
        """Have axe look at the page as it stands; see that none of it lies sideways.

        Axe takes its time: what it has seen under this name at this width in this run it does not look at again.
        """
        self.page.wait_for_load_state()
        place = (what, self.page.viewport_size["width"] if self.page.viewport_size else 0, self.thorough)
        if self.script and place not in self._looked:
            self._looked.add(place)
            if said := complaints(self.page, thorough=self.thorough, all_rules=all_rules):
                self.complaints.append(f"{what}: {said}")
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            self.complaints.append(f"{what}: {overflow} px too wide")

    def look_both_ways(self, what: str, *, wide_first: bool = False) -> None:
        """Look at the page narrow in the dark and wide in the light; the second time only at what differs then."""
        for is_first, is_wide in ((True, wide_first), (False, not wide_first)):
            self.page.set_viewport_size(WIDE if is_wide else NARROW)
            self.page.emulate_media(color_scheme="light" if is_wide else "dark")
            self.look(what, all_rules=is_first or self.thorough)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in EXPECTED_ANSWERS):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        origin, page = _origin(request.url), _origin(request.frame.url or request.url)
        if not request.is_navigation_request() and origin != page and page != "://":
            self.complaints.append(f"{request.frame.url} loads {request.url}")


class Visitor(Onlooker):
    """One person with one browser in a house."""

    def __init__(self, page: Page, house: House, *, script: bool = True, thorough: bool = False) -> None:
        super().__init__(page, script=script, thorough=thorough)
        self.house = house

    def sign_in(self, email: str) -> None:
        """Ask for a link, open it from the mail, and come in."""
        known = self.house.links(email)
        self.page.goto(f"{self.house.portal}/sign-in")
        self.look("sign in")
        self.page.get_by_label("Your work email").fill(email)
        self.page.get_by_role("button", name="Send me a link").click()
        expect(self.page.get_by_role("heading", name="Look in your email")).to_be_visible()
        self.look("code")
        self.page.goto(self.house.link(email, known=known))
        self.look("link")
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.house.portal}/accounts**")

    def pay_with(self, number: str, *, expiry: str = "12/40", cvc: str = "123") -> None:
        """Fill in the processor's page and press its button."""
        self.page.get_by_label("Card number").fill(number)
        self.page.get_by_label("Expiry").fill(expiry)
        self.page.get_by_label("Security code").fill(cvc)
        self.page.get_by_label("Name on card").fill("Maya Lindqvist")
        self.page.get_by_role("button", name="Pay £").click()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
