"""People: how a customer or a member of the staff comes to stand in front of a page, and what they do on many pages."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from domain.accounts.model import Login
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.staff.codes import code_at
from domain.staff.model import StaffMember
from e2e.support.visitor import Visitor
from tests.support.house import Debt
from tests.support.waiting import until

SAVES_BUT_DECLINES = "4000000000000341"


def come_in(visitor: Visitor, debt: Debt, email: str | None = None) -> None:
    """Be signed in to the portal, as the account's own contact, or as a guest who may see to it."""
    token = visitor.house.guest(debt.account_id, email) if email else _own_session(visitor, debt)
    visitor.page.context.add_cookies([{"name": "portal", "value": token, "url": visitor.house.portal}])


def _own_session(visitor: Visitor, debt: Debt) -> str:
    with visitor.house.wired.database.transaction() as session:
        login_id = session.scalars(select(Login.id).where(Login.email == debt.email)).one()
        return sessions.start(session, site=Site.PORTAL, subject_id=login_id)


def come_to_work(visitor: Visitor, officer: StaffMember, *, sure: bool = False) -> None:
    """Be signed in to the back office; `sure` when the second factor was given just now."""
    with visitor.house.wired.database.transaction() as session:
        token = sessions.start(session, site=Site.OFFICE, subject_id=officer.id, stepped_up=sure)
    visitor.page.context.add_cookies([{"name": "office", "value": token, "url": visitor.house.office}])


def confirm(visitor: Visitor, officer: StaffMember) -> None:
    """Type the phone's code where it is asked for once more."""
    page = visitor.page
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Code from your phone").fill(code_at(officer.totp_secret, visitor.house.clock.now()))
    page.get_by_role("button", name="Confirm and go on").click()


def portal(visitor: Visitor, debt: Debt, path: str = "") -> Page:
    """Open a page of the account."""
    visitor.page.goto(f"{visitor.house.portal}/accounts/{debt.account_id}{path}")
    return visitor.page


def check_to_pay(visitor: Visitor, debt: Debt, number: int = 0) -> Page:
    """Open the page where one invoice's amount is checked."""
    return portal(visitor, debt, f"/pay?invoice={debt.invoices[number]}")


def type_card(page: Page, number: str, button: str) -> None:
    """Fill in Stripe's page for a card and press its button."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12/40")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on card").fill("Maya Lindqvist")
    page.get_by_role("button", name=button).click()


def keep_a_card(visitor: Visitor, debt: Debt, number: str) -> None:
    """Keep a card from *Ways to pay*, and answer the bank where it asks.

    The way back waits for the card, or leads to the list at once where the webhook was quicker than the browser.
    """
    page = portal(visitor, debt, "/ways-to-pay")
    page.get_by_role("button", name="Add a card or bank account").click()
    type_card(page, number, "Save this card")
    if number.endswith("3184"):
        page.get_by_role("button", name="Complete authentication").click()
    page.wait_for_url(re.compile(rf"^{re.escape(visitor.house.portal)}/.*/ways-to-pay(/added/\w+)?$"))
    shows(visitor, f"{visitor.house.portal}/accounts/{debt.account_id}/ways-to-pay", number[-4:])


def shows(visitor: Visitor, url: str, words: str | re.Pattern[str]) -> None:
    """Open a page again and again until it says so."""

    def look() -> bool:
        visitor.page.goto(url)
        return visitor.page.get_by_role("main").get_by_text(words).first.is_visible()

    until(look, f"{url} to say {words}", seconds=40)
