"""A pay link: whoever holds it pays, promises or says what is wrong without signing in, with a script or without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.accounts.model import Account
from domain.policies.sections import Extensions, Promises, Sections
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from e2e.journeys.conftest import OpenBrowser
from e2e.support.visitor import Visitor
from tests.support.house import Debt, House
from tests.support.linking import a_link
from tests.support.policies import a_policy

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])


def open_link(visitor: Visitor, debt: Debt) -> Page:
    """Open the link of a reminder of all that is owed, which went to the customer."""
    with visitor.house.wired.database.transaction() as session:
        a_policy(
            session,
            Sections(promises=Promises(most_days=14), extensions=Extensions(most_days=14)),
            account_id=debt.account_id,
        )
        account = session.get_one(Account, debt.account_id)
        invoices = [session.get_one(Invoice, one) for one in debt.invoices]
        token = a_link(session, account, *invoices, address=debt.email)
    visitor.page.goto(f"{visitor.house.portal}/l/{token}")
    expect(visitor.page).to_have_url(f"{visitor.house.portal}/l")
    return visitor.page


@BOTH
def test_it_is_paid_from_the_link(house: House, visit: OpenBrowser, email: str, script: bool) -> None:
    debt = house.customer("120.00", "75.00", email=email)
    holder = visit(java_script_enabled=script)
    page = open_link(holder, debt)

    expect(page.get_by_role("heading", name="£195.00 is open")).to_be_visible()
    holder.look("a pay link")
    page.get_by_role("button", name="Pay £195.00").click()
    holder.look("pay from a link")
    page.get_by_role("button", name="Go on to your card").click()
    holder.pay_with("4242424242424242")

    expect(page.get_by_role("heading", name="Thank you. We have your £195.00")).to_be_visible(timeout=30_000)
    holder.look("a receipt from a link")
    page.get_by_role("link", name="Back to the invoices").first.click()
    expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()
    holder.look("a link of what is settled")
    assert "Receipt for £195.00" in house.letter(email, "eceipt").subject


@BOTH
def test_it_is_promised_from_the_link(house: House, visit: OpenBrowser, email: str, script: bool) -> None:
    debt = house.customer("120.00", email=email)
    with house.wired.database.reading() as session:
        day = today(session) + timedelta(days=9)
    holder = visit(java_script_enabled=script)
    page = open_link(holder, debt)

    page.get_by_role("link", name="I need more time").click()
    holder.look("if it will be late, from a link")
    page.get_by_role("link", name="Promise a day").click()
    page.get_by_role("checkbox").check()
    page.get_by_label("By when will you pay?").fill(day.isoformat())
    page.get_by_role("button", name="Go on").click()
    holder.look("check a promise from a link")
    page.get_by_role("button", name="Promise it").click()

    expect(page.get_by_role("heading", name="Your promise")).to_be_visible()
    holder.look("a promise from a link")
    page.get_by_role("link", name="Back to the invoices").click()
    expect(page.get_by_text(f"Promised for {day:%-d %b %Y}")).to_be_visible()
    assert "Your promise to pay by" in house.letter(email, "promise").subject


def test_on_a_narrow_dark_phone_something_is_wrong_with_it(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    holder = visit(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page = open_link(holder, debt)

    holder.look("a pay link")
    page.get_by_role("link", name="I need more time").click()
    holder.look("if it will be late, from a link")
    page.get_by_role("link", name="Choose the new date").click()
    holder.look("a later day from a link")
    page.go_back()
    page.get_by_role("link", name="Tell us what is wrong").click()
    page.get_by_label("What is wrong?").select_option("damaged")
    page.get_by_label("In your words").fill("Two of the six leak")
    holder.look("a dispute from a link")
    page.get_by_role("button", name="Send it to us").click()

    expect(page.get_by_text("We have it, and will write to you")).to_be_visible()
    holder.look("what was disputed from a link")
    page.get_by_role("link", name="Back to the invoices").click()
    expect(page.get_by_text("In dispute, and not asked for")).to_be_visible()
    expect(page.get_by_text("Our turn: we have it, and will answer")).to_be_visible()
    holder.look("a pay link with what was told")


def test_a_link_that_is_no_longer_good_says_so_kindly(house: House, visit: OpenBrowser, email: str) -> None:
    holder = visit(viewport={"width": 320, "height": 640}, color_scheme="dark")

    holder.page.goto(f"{house.portal}/l/{'x' * 43}")

    expect(holder.page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    holder.look("a link that is gone")
    holder.page.get_by_role("link", name="Sign in to see your invoices").click()
    expect(holder.page.get_by_label("Your work email")).to_be_visible()
