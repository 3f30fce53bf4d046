"""A promise to pay: made by a customer who cannot pay now, seen by staff, and judged when its day is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from domain.policies.sections import Promises, Sections
from domain.shared.db.session import today
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, come_to_work, portal
from tests.support.house import House
from tests.support.policies import a_policy


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_customer_promises_a_day_and_moves_it(house: House, visit: OpenBrowser, email: str, script: bool) -> None:
    debt = house.customer("120.00", "75.00", email=email)
    with house.wired.database.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14)), account_id=debt.account_id)
        day = today(session) + timedelta(days=9)
    customer = visit(java_script_enabled=script)
    come_in(customer, debt)

    page = portal(customer, debt)
    page.get_by_role("link", name="I need more time").click()
    page.get_by_role("link", name="Promise a day").click()
    customer.look("promise a day")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Enter the day by which you will pay.").first).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("By when will you pay?").fill(day.isoformat())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("£195.00")).to_be_visible()
    customer.look("check a promise")
    page.get_by_role("button", name="Promise it").click()

    expect(page.get_by_role("heading", name="Your promise")).to_be_visible()
    customer.look("a promise")
    page.get_by_role("link", name="Choose another day").click()
    page.get_by_label("By when will you pay?").fill((day + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_text(f"To pay by {day + timedelta(days=2):%-d %b %Y}")).to_be_visible()
    assert "Your promise to pay by" in house.letter(email, "promise").subject


def test_staff_write_a_promise_down_and_withdraw_it(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    with house.wired.database.reading() as session:
        day = today(session) + timedelta(days=9)
    clerk = visit()
    come_to_work(clerk, house.officer(Role.COLLECTOR, email.replace("@", ".office@")))

    page = clerk.page
    page.goto(f"{house.office}/accounts/{debt.account_id}")
    page.locator(".bar details.menu summary").click()
    page.get_by_role("link", name="Promise to pay").click()
    clerk.look("write a promise down")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("By when").fill(day.isoformat())
    page.get_by_label("Who promised it, and how").fill("Maya, by phone at ten")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Maya, by phone at ten")).to_be_visible()
    clerk.look("a promise in the office")

    page.get_by_role("link", name="Back to the promises").click()
    clerk.look("promises")
    page.get_by_role("link", name="Maya Lindqvist").first.click()
    page.get_by_label("Who told you, and when").fill("Maya called again: they cannot")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Promise withdrawn").first).to_be_visible()
