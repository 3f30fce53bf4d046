"""A later due day: chosen by the customer inside the fence, granted by staff within their authority."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.policies.sections import Extensions, Sections
from domain.receivables.model import Invoice
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, come_to_work, portal
from tests.support.house import House
from tests.support.policies import a_policy


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_customer_says_that_an_invoice_will_be_late_and_sets_the_day(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt = house.customer("120.00", email=email)
    with house.wired.database.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14)), account_id=debt.account_id)
        due_on = session.get_one(Invoice, debt.invoices[0]).due_on
    later = due_on + timedelta(days=14)
    customer = visit(java_script_enabled=script)
    come_in(customer, debt)

    page = portal(customer, debt, f"/invoices/{debt.invoices[0]}")
    page.get_by_role("link", name="This one will be late").click()
    customer.look("if it will be late")
    page.get_by_role("link", name="Choose the new date").click()
    customer.look("pay an invoice later")
    page.get_by_label("When will you pay it?").fill(later.isoformat())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Check the new day")).to_be_visible()
    customer.look("check the new day")
    page.get_by_role("button", name="Set the new day").click()

    _stands(page, f"Due on {later:%-d %b %Y} instead of {due_on:%-d %b %Y}")
    customer.look("an invoice that is due later")
    page.get_by_role("link", name="This one will be late").click()
    expect(page.get_by_role("link", name="Choose the new date")).to_have_count(0)


def test_staff_set_it_later_for_a_customer_who_called(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    with house.wired.database.reading() as session:
        due_on = session.get_one(Invoice, debt.invoices[0]).due_on
    later = due_on + timedelta(days=7)
    clerk = visit()
    come_to_work(clerk, house.officer(Role.COLLECTOR, email.replace("@", ".office@")))

    page = clerk.page
    page.goto(f"{house.office}/accounts/{debt.account_id}/invoices/{debt.invoices[0]}")
    page.get_by_role("link", name="Later due date").click()
    clerk.look("set an invoice due later")
    page.get_by_label("New due day").fill(later.isoformat())
    page.get_by_label("Why").fill("Flooded, called on Monday")
    page.get_by_role("button", name="Set the new day").click()

    _stands(page, f"Due on {later:%-d %b %Y} instead of {due_on:%-d %b %Y}")
    clerk.look("an extended invoice in the office")


def _stands(page: Page, words: str) -> None:
    """The invoice's story says so."""
    expect(page.get_by_text(words.replace(" ", "\xa0")).or_(page.get_by_text(words))).to_be_visible()
