"""Money that goes back: a refund that the customer sees and is told of, and a chargeback that staff give in to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import GOOD, expect_receipt
from e2e.support.people import check_to_pay, come_in, come_to_work, confirm, portal, shows
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.house import Debt, House
from tests.support.waiting import until

CONTESTED = "4000000000002685"


def pay_by_card(visitor: Visitor, debt: Debt, card: str) -> str:
    """Pay the first invoice; the path of the payment's page in both sites, from its public id."""
    page = check_to_pay(visitor, debt)
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(card)
    expect_receipt(page, "£120.00")
    found = re.search(r"/payments/\w{26}", page.url)
    assert found
    return found[0]


def test_staff_refund_a_part_and_the_customer_sees_it_and_is_told(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    customer, clerk = visit(), visit()
    come_in(customer, debt)
    payment = pay_by_card(customer, debt, GOOD)
    until(lambda: house.simulator.settle() == 0, "the charge to be settled")
    officer = house.officer(Role.MANAGER, email.replace("@", ".office@"))
    come_to_work(clerk, officer)

    page = clerk.page
    page.goto(f"{house.office}{payment}")
    page.get_by_role("link", name="Refund", exact=True).click()
    clerk.look("ask for a refund")
    page.get_by_role("radio", name=re.compile("^The payment itself")).check()
    page.get_by_label("How much").fill("20.50")
    page.get_by_label("Why").fill("One box never came")
    page.get_by_role("button", name="See what it will do").click()
    expect(page.get_by_text(f"{debt.numbers[0]}").first).to_be_visible()
    expect(page.get_by_text("£20.50 is open again")).to_be_visible()
    clerk.look("check the refund")
    page.get_by_role("button", name="Refund it").click()
    confirm(clerk, officer)

    expect(page.get_by_role("heading", name="Refund of £20.50")).to_be_visible()
    clerk.look("refund")
    assert house.owed(debt.account_id) == money("20.50")
    assert "£20.50" in house.letter(email, "refund").text
    portal(customer, debt, payment)
    expect(customer.page.get_by_text("£20.50").first).to_be_visible()
    customer.look("refunded")


def deadline(page: Page) -> str:
    """The badge that says how long there is to answer."""
    return page.get_by_text(re.compile(r"\d+ days left")).first.inner_text()


def test_a_chargeback_comes_with_its_deadline_is_accepted_and_all_adds_up(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("120.00", email=email)
    customer, clerk = visit(), visit()
    come_in(customer, debt)
    payment = pay_by_card(customer, debt, CONTESTED)
    house.simulator.settle()
    house.later(minutes=2)
    until(lambda: house.owed(debt.account_id) == money("120"), "the chargeback")
    officer = house.officer(Role.MANAGER, email.replace("@", ".office@"))
    come_to_work(clerk, officer)

    page = clerk.page
    page.goto(f"{house.office}/worklist")
    clerk.look("worklist")
    page.goto(f"{house.office}{payment}")
    page.get_by_role("link", name="See the chargeback").click()
    assert deadline(page)
    expect(page.get_by_text(debt.numbers[0]).first).to_be_visible()
    clerk.look("chargeback")
    portal(customer, debt, payment)
    customer.look("contested")
    page.get_by_role("link", name="Accept it").click()
    clerk.look("accept a chargeback")
    page.get_by_role("button", name="Accept the chargeback").click()
    confirm(clerk, officer)

    page.wait_for_url(f"{house.office}/chargebacks/*")
    shows(clerk, page.url, re.compile("^(Accepted|Lost)$"))
    clerk.look("chargeback, over")
    assert house.owed(debt.account_id) == money("120")
    page.goto(f"{house.office}/clearing")
    expect(page.get_by_text(re.compile("^(Our own books add up|Yes, every cent)"))).to_be_visible()
