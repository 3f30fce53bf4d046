"""Automatic payment: agreed, announced, charged, failed until it stops by itself, and turned off by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from domain.accounts import queries as accounts
from domain.shared.db.session import today
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import GOOD
from e2e.support.people import SAVES_BUT_DECLINES, come_in, keep_a_card, portal
from e2e.support.visitor import Visitor
from tests.support.builders import an_invoice, money
from tests.support.house import Debt, House
from tests.support.waiting import until


def soon_due(house: House, email: str) -> Debt:
    """An account whose invoice is due in three days: as early as it may be taken."""
    debt = house.customer(email=email)
    with house.wired.database.transaction() as session:
        account = accounts.lock(session, debt.account_id)
        invoice = an_invoice(session, account, "120", due_on=today(session) + timedelta(days=3))
        return replace(debt, invoices=[invoice.id], numbers=[invoice.number])


def turn_it_on(visitor: Visitor, debt: Debt, card: str) -> None:
    """Keep a card, read what is agreed to, and agree."""
    keep_a_card(visitor, debt, card)
    page = portal(visitor, debt, "/autopay")
    visitor.look("automatic payment, off")
    page.get_by_role("radio", name=re.compile(card[-4:])).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="What you agree to")).to_be_visible()
    visitor.look("agree to automatic payment")
    page.get_by_role("button", name="Agree and turn it on").click()
    expect(page.get_by_text("Automatic payment is on")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_it_is_announced_and_charged_on_its_day_and_turned_off(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt = soon_due(house, email)
    visitor = visit(java_script_enabled=script, viewport={"width": 320, "height": 640}, color_scheme="dark")
    come_in(visitor, debt)
    turn_it_on(visitor, debt, GOOD)
    house.later(minutes=2)
    announced = house.letter(email, "will take £120.00 automatically")
    assert debt.numbers[0] in announced.text
    page = portal(visitor, debt, "/autopay")
    expect(page.get_by_role("main").get_by_text(debt.numbers[0])).to_be_visible()
    visitor.look("automatic payment, on")

    house.later(days=4)
    until(lambda: house.payments(debt.account_id) == [("succeeded", 12000)], "the collection", seconds=60)
    come_in(visitor, debt)
    portal(visitor, debt, "/autopay").get_by_role("link", name="Turn it off").click()
    visitor.look("turn automatic payment off")
    page.get_by_role("button", name="Turn it off").click()

    expect(page.get_by_text("Automatic payment is off")).to_be_visible()
    assert "£120.00" in house.letter(email, "eceipt").text
    house.letter(email, "Automatic payment to")
    assert house.owed(debt.account_id) == money("0")


def test_after_three_failures_it_stops_by_itself_and_says_so(house: House, visit: OpenBrowser, email: str) -> None:
    debt = soon_due(house, email)
    visitor = visit()
    come_in(visitor, debt)
    turn_it_on(visitor, debt, SAVES_BUT_DECLINES)
    house.later(minutes=2)
    house.letter(email, "will take £120.00 automatically")

    house.later(days=4)
    first = house.letter(email, "could not take £120.00")
    come_in(visitor, debt)
    portal(visitor, debt)
    visitor.look("home, a collection failed")
    for _ in range(2):
        house.later(days=2)
    off = until_off(house, email)

    assert debt.numbers[0] in first.text
    assert "no longer paid automatically" in off
    come_in(visitor, debt)
    page = portal(visitor, debt, "/autopay")
    expect(page.get_by_text("Automatic payment has stopped")).to_be_visible()
    visitor.look("automatic payment, stopped")
    assert house.owed(debt.account_id) == money("120")


def until_off(house: House, email: str) -> str:
    """The email that says that it is off, once every try has been made; a day goes by where one is still to come."""

    def look() -> str:
        house.later(hours=1)
        letter = house.letter(email)
        return letter.text if "is off" in letter.subject else ""

    return until(look, "automatic payment to stop", seconds=60)
