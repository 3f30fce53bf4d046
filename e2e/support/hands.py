"""Hands: somebody with a keyboard and no mouse; all that they press is written down, and what else is noticed."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 150
"""So many times somebody presses Tab before they give up."""
POINTING = "pointerdown mousedown click wheel touchstart"
NOTICE = """for (const kind of "%s".split(" ")) addEventListener(kind, (event) => {
  if (event.isTrusted && (kind !== "click" || event.detail > 0)) pointed(kind);
}, true);"""
"""Tells of every pointer; a click that a key makes has no detail, since nothing was pressed."""


class Hands:
    """A keyboard; `steps` is what was pressed or typed, `pointed` what a pointer did."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: list[str] = []
        self.pointed: list[str] = []
        page.expose_function("pointed", lambda kind: self.pointed.append(kind))
        page.add_init_script(NOTICE % POINTING)

    def press(self, *keys: str) -> None:
        """Press these keys, one after the other."""
        for key in keys:
            self.steps.append(key)
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type into what has the focus."""
        self.steps.append(f"type {words}")
        self.page.keyboard.type(words)

    def walk_to(self, there: Locator, key: str = "Tab") -> None:
        """Go on by Tab until this has the focus."""
        expect(there).to_be_visible()
        for _ in range(MOST_STOPS):
            if there.evaluate("one => one === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"no key leads to {there}")

    def choose(self, there: Locator) -> None:
        """Go to a link or a button, and press Enter."""
        self.walk_to(there)
        self.press("Enter")

    def fill(self, there: Locator, words: str) -> None:
        """Go to a field, and type into it."""
        self.walk_to(there)
        self.type(words)

    def enter_day(self, field: Locator, day: date) -> None:
        """Type a day into a field of days that has the focus, in the order that this browser asks for it."""
        self.type(f"{day:%m%d%Y}")
        if field.input_value() != day.isoformat():
            self.press("Shift+Tab")
            self.walk_to(field)
            self.type(f"{day:%d%m%Y}")
        expect(field).to_have_value(day.isoformat())
