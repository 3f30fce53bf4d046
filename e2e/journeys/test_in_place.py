"""What is changed within a page: tags by the keys, and a form that comes back with what was wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.notes import tags
from domain.practice.situations import ALL
from domain.shared.actor import Actor
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from tests.support.builders import an_account
from tests.support.house import House


@pytest.mark.parametrize("script", [True, False])
def test_enter_puts_the_tag_on_that_was_typed(house: House, visit: OpenBrowser, email: str, script: bool) -> None:
    officer = house.officer(Role.COLLECTOR, email)
    with house.wired.database.transaction() as session:
        account_id = an_account(session, name="Redshank").id
        tags.tag(session, [account_id], "key account", actor=Actor.staff(officer.id))
    visitor = visit(java_script_enabled=script)
    come_to_work(visitor, officer)
    page = visitor.page
    page.goto(f"{house.office}/accounts/{account_id}")

    page.get_by_role("link", name="Change tags").click()
    page.get_by_label("Another tag").fill("Seasonal")
    page.get_by_label("Another tag").press("Enter")
    if not script:
        page.get_by_role("link", name="Change tags").click()
    expect(page.locator(".tag")).to_have_count(2)
    expect(page.get_by_label("Another tag")).to_have_count(1)
    if script:
        expect(page.get_by_label("Another tag")).to_be_focused()
    page.get_by_role("button", name="Take off key account").click()

    expect(page.locator(".tag")).to_have_count(1)
    expect(page.locator(".tag")).to_contain_text("seasonal")
    expect(page.locator("#tags")).to_have_count(1)


def test_a_log_of_practice_that_is_wrong_stays_in_its_place(house: House, visit: OpenBrowser, email: str) -> None:
    visitor = visit()
    come_to_work(visitor, house.officer(Role.COLLECTOR, email))
    page = visitor.page
    page.goto(f"{house.office}/practice")
    page.locator("button[value=left]").click()
    for move in ALL["left"].model:
        page.locator(f"input[name=move][value={move}]").check()
        page.get_by_role("button", name="Say it").click()

    page.get_by_role("button", name="Write it down").click()

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#log .field__error")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("#log")).to_have_count(1)
