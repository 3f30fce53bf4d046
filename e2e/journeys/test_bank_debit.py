"""A bank debit: on its way for days, and then there, or not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import check_to_pay, come_in, shows
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.house import Debt, House
from tests.support.waiting import until


def pay_by_debit(visitor: Visitor, debt: Debt, account: str) -> str:
    """Hand in a bank debit on Stripe's page; the address of the payment's own page."""
    page = check_to_pay(visitor, debt)
    page.get_by_role("button", name="Go on to your card").click()
    page.get_by_role("link", name="Bacs Direct Debit").click()
    page.get_by_label("Sort code").fill("10-88-00")
    page.get_by_label("Account number").fill(account)
    page.get_by_label("Name of the account's holder").fill("Maya Lindqvist")
    page.get_by_role("button", name="Pay £").click()
    expect(page.get_by_role("heading", name="Your payment is on its way")).to_be_visible(timeout=40_000)
    return page.url.removesuffix("/returned").removesuffix("/state")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_bank_debit_is_on_its_way_for_days_and_fails(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit(java_script_enabled=script)
    come_in(visitor, debt)
    here = pay_by_debit(visitor, debt, "22222227")
    visitor.look("on its way")

    house.later(days=2)
    come_in(visitor, debt)
    shows(visitor, here, "Your payment is on its way")
    page = check_to_pay(visitor, debt)
    page.get_by_role("button", name="Go on to your card").click()
    expect(page.get_by_role("heading", name="The money is on its way")).to_be_visible()
    visitor.look("on its way, again")
    house.later(days=2)
    until(lambda: house.payments(debt.account_id) == [("failed", 12000)], "the bank's answer")

    come_in(visitor, debt)
    shows(visitor, here, "This payment did not go through")
    visitor.look("debit refused")
    letter = house.letter(email, "did not arrive")
    assert "£120.00" in letter.text
    assert debt.numbers[0] in letter.text
    assert house.owed(debt.account_id) == money("120")


def test_a_bank_debit_arrives_after_three_days_and_is_receipted(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    come_in(visitor, debt)
    here = pay_by_debit(visitor, debt, "00012345")

    house.later(days=4)

    until(lambda: house.payments(debt.account_id) == [("succeeded", 12000)], "the bank's answer")
    come_in(visitor, debt)
    shows(visitor, here, "Thank you. We have your £120.00")
    assert "£120.00" in house.letter(email, "eceipt").text
