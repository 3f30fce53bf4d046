"""A card that is kept: saved while paying or from *Ways to pay*, used with one press, asked about by the bank."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import ALWAYS_ASKS, GOOD, expect_receipt
from e2e.support.people import check_to_pay, come_in, keep_a_card, portal, shows
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.house import House

PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_card_is_kept_while_paying_and_then_pays_with_one_press(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt = house.customer("120.00", "80.00", email=email)
    visitor = visit(java_script_enabled=script, **PHONE)
    come_in(visitor, debt)
    page = check_to_pay(visitor, debt)
    page.get_by_label("Save this card or bank account for next time").check()
    visitor.look("check without a card")
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(GOOD)
    expect_receipt(page, "£120.00")
    shows(visitor, f"{house.portal}/accounts/{debt.account_id}/ways-to-pay", "Visa •••• 4242")
    visitor.look("ways to pay")

    check_to_pay(visitor, debt, 1)
    expect(page.get_by_role("radio", name=re.compile("4242"))).to_be_checked()
    visitor.look("check with a card")
    page.get_by_role("button", name="Pay now").click()

    expect_receipt(page, "£80.00")
    assert house.payments(debt.account_id) == [("succeeded", 12000), ("succeeded", 8000)]
    assert house.owed(debt.account_id) == money("0")


def test_a_card_is_kept_from_ways_to_pay_shared_and_removed(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor, colleague = visit(**PHONE), visit()
    come_in(visitor, debt)
    page = portal(visitor, debt, "/ways-to-pay")
    visitor.look("ways to pay, none")
    keep_a_card(visitor, debt, GOOD)

    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("can use it too")).to_be_visible()
    come_in(colleague, debt, email.replace("@", ".colleague@"))
    check_to_pay(colleague, debt)
    expect(colleague.page.get_by_role("radio", name=re.compile("4242"))).to_be_checked()
    page.get_by_role("link", name="Remove").click()
    visitor.look("remove a way to pay")
    page.get_by_role("button", name="Remove it").click()

    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    check_to_pay(colleague, debt)
    expect(colleague.page.get_by_role("radio", name=re.compile("4242"))).to_have_count(0)


def press_and_be_asked(visitor: Visitor) -> None:
    """Press the one button, and stand on the bank's page."""
    visitor.page.get_by_role("button", name="Pay now").click()
    expect(visitor.page.get_by_role("heading", name="Your bank asks: is this you?")).to_be_visible()


def test_the_bank_asks_about_a_kept_card_and_is_told_yes(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    come_in(visitor, debt)
    keep_a_card(visitor, debt, ALWAYS_ASKS)
    page = check_to_pay(visitor, debt)

    press_and_be_asked(visitor)
    page.get_by_role("button", name="Complete authentication").click()

    expect_receipt(page, "£120.00")
    assert house.payments(debt.account_id) == [("succeeded", 12000)]


def test_the_bank_asks_about_a_kept_card_and_is_told_no(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit(**PHONE)
    come_in(visitor, debt)
    keep_a_card(visitor, debt, ALWAYS_ASKS)
    page = check_to_pay(visitor, debt)

    press_and_be_asked(visitor)
    page.get_by_role("button", name="Fail authentication").click()

    expect(page.get_by_role("heading", name="This payment did not go through")).to_be_visible(timeout=40_000)
    expect(page.get_by_text("No money has moved.").first).to_be_visible()
    visitor.look("did not go through")
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("radio", name=re.compile("Another way")).check()
    page.get_by_role("button", name="Pay now").click()
    visitor.pay_with(GOOD)
    expect_receipt(page, "£120.00")
    assert house.payments(debt.account_id) == [("failed", 12000), ("succeeded", 12000)]


def test_two_contacts_pay_the_same_invoice_and_the_second_takes_over(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("120.00", email=email)
    maya, guest = visit(), visit()
    come_in(maya, debt)
    come_in(guest, debt, email.replace("@", ".guest@"))
    check_to_pay(maya, debt).get_by_role("button", name="Go on to your card").click()
    expect(maya.page.get_by_label("Card number")).to_be_visible()

    page = check_to_pay(guest, debt)
    expect(page.get_by_text("Maya Lindqvist").first).to_be_visible()
    page.get_by_role("button", name="Go on to your card").click()
    expect(page.get_by_role("heading", name="Maya Lindqvist is paying this")).to_be_visible()
    guest.look("somebody is paying")
    page.get_by_role("button", name="Take over and pay").click()
    guest.pay_with(GOOD)

    expect_receipt(page, "£120.00")
    maya.page.get_by_role("link", name=re.compile("back", re.IGNORECASE)).first.click()
    maya.page.wait_for_url(f"{house.portal}/**")
    assert house.payments(debt.account_id) == [("canceled", 12000), ("succeeded", 12000)]
    shows(maya, maya.page.url, "This payment was cancelled")
