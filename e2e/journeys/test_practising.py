"""Practising: by keyboard alone through a call to its marks, on a desk and on a phone, and the same without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from domain.practice.situations import ALL
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from tests.support.house import House

NOTED = "Two customers are late. Half of it on Friday."


def say(page: Page, move: str) -> None:
    """Choose what is said and say it, by the keys alone."""
    page.locator(f"input[name=move][value={move}]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")


def test_a_call_is_practised_by_keyboard_from_the_first_word_to_its_marks(
    house: House, visit: OpenBrowser, email: str
) -> None:
    visitor = visit()
    come_to_work(visitor, house.officer(Role.COLLECTOR, email))
    page = visitor.page
    page.goto(f"{house.office}/practice")
    visitor.look_both_ways("practice")

    page.locator("button[value=short]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(ALL["short"].title)
    visitor.look_both_ways("practice: what do you say?")
    for number, move in enumerate(ALL["short"].model, 1):
        say(page, move)
        expect(page.locator(".thread__one--ours")).to_have_count(number)
    visitor.look_both_ways("practice: log it")
    page.get_by_label("How it went").select_option("promise")
    page.get_by_label("They pay by").fill("2040-01-02")
    page.get_by_label("In your words").fill(NOTED)
    page.get_by_role("button", name="Write it down").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="How it went")).to_be_visible()
    expect(page.get_by_text("full marks")).to_be_visible()
    visitor.look_both_ways("practice: how it went")


@pytest.mark.parametrize("key", ["ill_letter"])
def test_a_message_is_answered_without_scripts(house: House, visit: OpenBrowser, email: str, key: str) -> None:
    visitor = visit(java_script_enabled=False)
    come_to_work(visitor, house.officer(Role.COLLECTOR, email))
    page = visitor.page
    page.goto(f"{house.office}/practice")

    page.locator(f"button[value={key}]").click()
    for move in ALL[key].model:
        page.locator(f"input[name=move][value={move}]").check()
        page.get_by_role("button", name="Send it").click()

    expect(page.get_by_text("full marks")).to_be_visible()
