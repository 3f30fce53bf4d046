"""The worklist by keyboard alone: a walk through the list, a call, what is put off, done, and the next one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.staff.model import Role, StaffMember
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from e2e.support.visitor import Visitor
from tests.support.builders import an_account, an_invoice, money
from tests.support.house import House

AMOUNTS = {"Albatross": "9000", "Bittern": "5000", "Curlew": "3000", "Dunlin": "1000"}
"""Who owes what, the most worthwhile first."""


@pytest.fixture
def officer(house: House, email: str) -> StaffMember:
    """A manager, whom nobody else is."""
    return house.officer(Role.MANAGER, email.replace("@", ".office@"))


@pytest.fixture
def work(house: House, officer: StaffMember) -> dict[str, int]:
    """Four accounts to look after, all of it this officer's; the ids of the tasks by the account's name."""
    made = {}
    with house.wired.database.transaction() as session:
        for name, amount in AMOUNTS.items():
            account = an_account(session, name=name)
            due_on = today(session) - timedelta(days=20)
            an_invoice(session, account, amount, issued_on=due_on, due_on=due_on)
            subject = ("account", account.id)
            kind = TaskKind.TRACE
            made[name] = open_task(session, kind, subject=subject, account_id=account.id, worth=money(amount)) or 0
            working.take(session, made[name], actor=Actor.staff(officer.id))
    house.later(seconds=20)
    return made


def expect_at(page: Page, task_id: int) -> None:
    """The focus is on the link of this piece of work."""
    expect(page.locator(f"#task-{task_id} [data-work-open]")).to_be_focused()


def begin(visitor: Visitor, officer: StaffMember) -> Page:
    """Come in, to the list that is sorted already."""
    come_to_work(visitor, officer)
    page = visitor.page
    page.goto(f"{visitor.house.office}/worklist?whose=mine")
    expect(page.locator(".work__item")).to_have_count(len(AMOUNTS))
    return page


def test_the_list_is_walked_and_worked_without_a_mouse(
    house: House, visit: OpenBrowser, officer: StaffMember, work: dict[str, int]
) -> None:
    visitor = visit()
    page = begin(visitor, officer)
    albatross, bittern, curlew, dunlin = (work[name] for name in AMOUNTS)
    visitor.look("worklist")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    visitor.look("worklist, keys")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()

    page.keyboard.press("j")
    expect_at(page, albatross)
    page.keyboard.press("j")
    expect_at(page, bittern)
    page.keyboard.press("k")
    expect_at(page, albatross)

    page.keyboard.press("d")
    page.keyboard.type("They pay; n and j and s are only letters here")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/worklist?**#task-{bittern}")
    expect(page.locator(".work__item")).to_have_count(len(AMOUNTS) - 1)
    expect_at(page, bittern)

    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{bittern}?**")
    visitor.look("task")
    page.keyboard.press("c")
    page.keyboard.type("Reached")
    page.keyboard.press("Tab")
    page.keyboard.type("Ana will see to it")
    page.get_by_label("This task is done with the call").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{curlew}?**")
    expect(page.get_by_text("Done: Nothing reaches this customer")).to_be_visible()

    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Put it off").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{dunlin}?**")
    expect(page.get_by_text("Put off: Nothing reaches this customer")).to_be_visible()

    page.keyboard.press("k")
    page.wait_for_url("**/worklist?**")
    expect(page.locator(".work__item")).to_have_count(1)


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"viewport": {"width": 360, "height": 740}}])
def test_it_works_without_a_script_and_on_a_phone(
    visit: OpenBrowser, officer: StaffMember, work: dict[str, int], options: dict[str, object]
) -> None:
    visitor = visit(**options)
    page = begin(visitor, officer)
    visitor.look("worklist, small")

    page.get_by_role("link", name="Start with the first").click()
    visitor.look("task, small")
    page.get_by_label("How it ended").fill("They pay")
    page.get_by_role("button", name="Done").click()

    page.wait_for_url(f"**/tasks/{work['Bittern']}?**")
