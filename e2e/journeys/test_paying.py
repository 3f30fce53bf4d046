"""The main job: from the emailed link to the receipt."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from adapters.stripe.simulator.webhooks import Order
from e2e.journeys.conftest import OpenBrowser
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.house import Debt, House
from tests.support.waiting import until

GOOD, DECLINED, POOR, ALWAYS_ASKS = "4242424242424242", "4000000000000002", "4000000000009995", "4000002760003184"


def choose_all_and_check(visitor: Visitor, debt: Debt) -> None:
    """Tick every invoice and go on to the page where amounts are checked."""
    page = visitor.page
    page.goto(f"{visitor.house.portal}/accounts/{debt.account_id}/invoices")
    for number in debt.numbers:
        page.get_by_role("checkbox", name=f"Pay {number}").check()
    visitor.look("invoices")
    page.get_by_role("button", name="Go on to pay").click()
    expect(page.get_by_role("heading", name="Check what you pay")).to_be_visible()
    visitor.look("check")


def expect_receipt(page: Page, words: str) -> None:
    """The receipt, once the reconciliation has it."""
    expect(page.get_by_role("heading", name=f"Thank you. We have your {words}")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(
    ("script", "house"),
    [(True, "sqlite"), (False, "sqlite"), (True, "postgresql")],
    ids=["with JavaScript", "without JavaScript", "on PostgreSQL"],
    indirect=["house"],
)
def test_two_invoices_are_paid_by_card_and_receipted(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt = house.customer("864.00", "1140.00", email=email)
    visitor = visit(java_script_enabled=script)
    page = visitor.page
    visitor.sign_in(email)
    expect(page.get_by_text("£2,004.00").first).to_be_visible()

    choose_all_and_check(visitor, debt)
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(GOOD)
    expect_receipt(page, "£2,004.00")
    visitor.look("receipt")

    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.startswith("RCT-")
    assert house.owed(debt.account_id) == money("0")
    assert house.payments(debt.account_id) == [("succeeded", 200400)]
    assert "2,004.00" in house.letter(email, "eceipt").text


def test_two_declines_then_a_success_in_the_same_session(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(email)
    choose_all_and_check(visitor, debt)
    page.get_by_role("button", name="Go on to your card").click()

    visitor.pay_with(DECLINED)
    expect(page.get_by_role("alert")).to_contain_text("declined")
    visitor.pay_with(POOR)
    expect(page.get_by_role("alert")).to_contain_text("insufficient funds")
    visitor.pay_with(GOOD)

    expect_receipt(page, "£120.00")
    assert house.payments(debt.account_id) == [("succeeded", 12000)]


def test_coming_back_after_a_decline_says_what_the_bank_said_and_that_no_money_moved(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(email)
    choose_all_and_check(visitor, debt)
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(POOR)
    expect(page.get_by_role("alert")).to_contain_text("insufficient funds")

    page.get_by_role("link", name=re.compile("back|Back|cancel|Cancel")).first.click()
    page.wait_for_url(f"{house.portal}/**")
    here = page.url
    until(lambda: house.payments(debt.account_id) == [("pending", 12000)], "the payment to stay open")

    def told() -> bool:
        page.goto(here)
        return page.get_by_text("The last try did not go through").is_visible()

    until(told, "the decline to be told")
    expect(page.get_by_text("No money has moved.").first).to_be_visible()
    visitor.look("not finished")
    page.get_by_role("button", name="Cancel this payment").click()
    expect(page.get_by_role("heading", name="This payment was cancelled")).to_be_visible()
    visitor.look("given up")


def test_the_bank_asks_and_part_of_an_invoice_is_paid_on_a_phone(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page = visitor.page
    visitor.sign_in(email)
    visitor.look("home")
    choose_all_and_check(visitor, debt)

    page.get_by_label(debt.numbers[0]).fill("20.50")
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(ALWAYS_ASKS)
    page.get_by_role("button", name="Complete authentication").click()

    expect_receipt(page, "£20.50")
    visitor.look("receipt")
    assert house.owed(debt.account_id) == money("99.50")


def test_a_wrong_amount_is_told_beside_its_field_and_kept(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(email)
    choose_all_and_check(visitor, debt)

    page.get_by_label(debt.numbers[0]).fill("999")
    page.get_by_role("button", name="Go on to your card").click()

    expect(page.get_by_role("alert")).to_contain_text("One thing to put right")
    expect(page.get_by_label(debt.numbers[0])).to_have_value("999")
    visitor.look("wrong amount")


def test_one_of_two_people_takes_over(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    first, second = visit(), visit()
    first.sign_in(email)
    choose_all_and_check(first, debt)
    first.page.get_by_role("button", name="Go on to your card").click()
    expect(first.page.get_by_label("Card number")).to_be_visible()
    second.sign_in(email)
    second.page.goto(f"{house.portal}/accounts/{debt.account_id}/pay?invoice={debt.invoices[0]}")

    second.page.get_by_label(debt.numbers[0]).fill("50")
    second.page.get_by_role("button", name="Go on to your card").click()
    expect(second.page.get_by_role("heading", name="You have started to pay this already")).to_be_visible()
    second.look("claimed")
    second.page.get_by_role("button", name="Cancel that payment and pay this").click()
    second.pay_with(GOOD)

    expect_receipt(second.page, "£50.00")
    assert house.payments(debt.account_id) == [("canceled", 12000), ("succeeded", 5000)]


@pytest.mark.parametrize("order", ["made", "reversed", "shuffled"])
def test_webhooks_held_doubled_and_out_of_order_end_in_the_same_books(
    house: House, visit: OpenBrowser, email: str, order: Order
) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    visitor.sign_in(email)
    choose_all_and_check(visitor, debt)
    visitor.page.get_by_role("button", name="Go on to your card").click()
    expect(visitor.page.get_by_label("Card number")).to_be_visible()
    house.simulator.webhooks.hold()

    visitor.pay_with(GOOD)
    expect_receipt(visitor.page, "£120.00")
    house.simulator.settle()
    house.simulator.flush(order=order, seed=7, copies=2)
    house.simulator.webhooks.resume()

    house.expect_whole_books()
    assert house.payments(debt.account_id) == [("succeeded", 12000)]
    assert house.owed(debt.account_id) == money("0")


def test_a_payment_by_keyboard_alone(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(email)
    page.goto(f"{house.portal}/accounts/{debt.account_id}/invoices")

    tab_to(page, f"Pay {debt.numbers[0]}")
    if not page.get_by_role("checkbox", name=f"Pay {debt.numbers[0]}").is_checked():
        page.keyboard.press("Space")
    tab_to(page, "Go on to pay")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check what you pay")).to_be_visible()
    tab_to(page, "Go on to your card")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Card number")).to_be_visible()
    visitor.pay_with(GOOD)
    expect_receipt(page, "£120.00")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is focused bears this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => (e.getAttribute('aria-label') || (e.labels && e.labels[0] ? e.labels[0].textContent : '')"
            " || e.textContent).trim())(document.activeElement)"
        )
        if name in focused:
            return
    raise AssertionError(f"no Tab leads to {name!r}")


def test_in_spanish(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("1234.50", email=email)
    visitor = visit(locale="es-ES")
    page = visitor.page
    page.goto(f"{house.portal}/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^es"))
    page.locator("#email").fill(email)
    page.locator("form[action='/sign-in'] button").click()
    expect(page.locator("form[action='/sign-in/code']")).to_be_visible()
    page.goto(house.link(email))
    page.locator("form[action='/sign-in/link'] button").click()
    page.wait_for_url(f"{house.portal}/accounts**")
    page.locator("form[action='/language'] button[value='es']").click()

    expect(page.locator("html")).to_have_attribute("lang", re.compile("^es"))
    expect(page.get_by_role("heading", name="1.234,50").first).to_be_visible()
    visitor.look("home in Spanish")
    page.goto(f"{house.portal}/accounts/{debt.account_id}/pay?invoice={debt.invoices[0]}")
    page.locator(f"form[action='/accounts/{debt.account_id}/pay'] button").click()
    visitor.pay_with(GOOD)
    expect(page.get_by_role("heading", name="Gracias")).to_be_visible(timeout=20_000)
