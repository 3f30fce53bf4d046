"""Paying in parts: from "I need more time" to a signed plan that runs, on a phone, with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from domain.policies.sections import Plans, Sections
from domain.shared.db.session import today
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, portal
from tests.support.house import House
from tests.support.policies import a_policy

PHONE = {"width": 360, "height": 780}


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_customer_makes_a_plan_of_their_own_and_starts_it_with_a_card(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt = house.customer("900.00", "300.00", email=email)
    with house.wired.database.transaction() as session:
        a_policy(session, Sections(plans=Plans(most_months=12, least_down_percent=10)), account_id=debt.account_id)
        first_on = today(session) + timedelta(days=20)
    customer = visit(java_script_enabled=script, viewport=PHONE)
    come_in(customer, debt)

    page = portal(customer, debt)
    page.get_by_role("link", name="I need more time").click()
    customer.look("more time with a plan")
    page.get_by_role("link", name="Pay in parts").click()
    customer.look("which invoices")
    page.get_by_role("button", name="Go on").click()
    customer.look("proposals")
    page.get_by_role("radio", name="Make my own").check()
    page.get_by_label("How often?").select_option("fortnightly")
    page.get_by_label("First payment on").fill(first_on.isoformat())
    page.get_by_label("How many payments?").fill("5")
    page.get_by_label("Pay something at once?").fill("200")
    if not script:
        page.get_by_role("button", name="Show me the dates").click()
    expect(page.get_by_text("5 payments of £200.00, every two weeks")).to_be_visible()
    customer.look("a plan of one's own")
    page.get_by_role("button", name="Go on").click()

    customer.look("read and sign")
    page.get_by_label("Your job title").fill("Owner")
    page.get_by_label("I have read the agreement and agree to it.").check()
    page.get_by_label("I may agree to this for").check()
    page.get_by_role("button", name="Sign the plan").click()
    customer.look("start a plan")
    page.get_by_role("button", name="Pay £200.00 and start").click()
    customer.pay_with("4242424242424242")
    expect(page.get_by_text("Receipt").first).to_be_visible()

    page = portal(customer, debt)
    customer.look("home with a plan")
    page.get_by_role("link", name="Your payment plan", exact=True).first.click()
    expect(page.get_by_role("heading", name="£200.00 of £1,200.00 paid")).to_be_visible()
    expect(page.get_by_text("Taken on its day from")).to_be_visible()
    customer.look("a running plan")
    page.get_by_role("link", name="Pay more, or pay it off").click()
    customer.look("pay towards a plan")
    page.goto(f"{house.portal}/accounts/{debt.account_id}/invoices")
    customer.look("invoices on a plan")


def test_beyond_the_fence_a_customer_asks_and_sees_what_comes_next(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("900.00", email=email)
    with house.wired.database.transaction() as session:
        a_policy(session, Sections(plans=Plans(most_months=3, asks_capacity=True)), account_id=debt.account_id)
    customer = visit(viewport=PHONE)
    come_in(customer, debt)

    page = portal(customer, debt)
    page.goto(f"{house.portal}/accounts/{debt.account_id}/plans/new")
    page.get_by_role("radio", name="Make my own").check()
    page.get_by_label("How many payments?").fill("24")
    page.get_by_label("What can you pay?").fill("40 a month")
    page.get_by_label("When does money come in?").fill("On the first")
    expect(page.get_by_text("Somebody has to look at this")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    customer.look("ask beyond the fence")
    page.get_by_label("Why would this help?").fill("We open again in spring")
    page.get_by_role("button", name="Ask for this").click()

    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    customer.look("a plan that was asked for")
