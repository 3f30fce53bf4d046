"""Clear terms: credit is applied for and granted, terms are accepted, paying early saves, paying late costs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from playwright.sync_api import Page, expect

from domain.accounts import queries as accounts
from domain.policies.sections import (
    Acceptance,
    DueRule,
    EarlyDiscount,
    LateInterest,
    Outcome,
    Scorecard,
    Sections,
    Step,
    Terms,
    Trait,
    Weighed,
)
from domain.shared.db.session import today
from domain.staff.model import Role, StaffMember
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import GOOD, expect_receipt
from e2e.support.people import come_in, come_to_work, confirm, portal, shows
from e2e.support.visitor import Visitor
from tests.support.builders import an_invoice, money
from tests.support.house import Debt, House
from tests.support.policies import a_policy

NET_30 = Terms(rule=DueRule.NET, days=30)
TWO_TEN = Sections(terms=NET_30, early_discount=EarlyDiscount(percent=Decimal(2), days=10), acceptance=Acceptance())
"""2/10 net 30, which customers are asked to accept."""
EIGHT_PER_CENT = Sections(terms=NET_30, late_interest=LateInterest(margin=Decimal(8)))
POINTS = Sections(
    terms=NET_30,
    scorecard=Scorecard(
        weighed=(
            Weighed(Trait.CHECK_SCORE, (Step(Decimal(60), 30), Step(Decimal(80), 45)), 5),
            Weighed(Trait.REFERENCES, (Step(Decimal(1), 10),)),
        ),
        outcomes=(Outcome(55, 50, 5_000_00, 21),),
    ),
)
"""A score of 80 and one good reference are worth half of what is asked for."""

each_way = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
either_database = pytest.mark.parametrize(
    ("script", "house"),
    [(True, "sqlite"), (False, "sqlite"), (True, "postgresql")],
    ids=["with JavaScript", "without JavaScript", "on PostgreSQL"],
    indirect=["house"],
)


@pytest.fixture
def officer(house: House, email: str) -> StaffMember:
    """A manager, whom nobody else is."""
    return house.officer(Role.MANAGER, email.replace("@", ".office@"))


def under(house: House, sections: Sections, email: str) -> tuple[Debt, int]:
    """A customer who owes nothing, ruled by a policy of their own that says this; and the policy."""
    debt = house.customer(email=email)
    with house.wired.database.transaction() as session:
        return debt, a_policy(session, sections, account_id=debt.account_id).policy_id


def invoice(house: House, debt: Debt, amount: str) -> int:
    """The customer owes one more invoice, issued today."""
    with house.wired.database.transaction() as session:
        return an_invoice(session, accounts.account(session, debt.account_id), amount).id


def day_of(house: House) -> date:
    """Today, where the business is."""
    with house.wired.database.reading() as session:
        return today(session)


def accept(visitor: Visitor) -> None:
    """From the terms that wait on the page, accept them."""
    page = visitor.page
    page.get_by_role("link", name="Read and accept them").click()
    visitor.look("terms to accept")
    page.get_by_label("Your job title").fill("Director")
    page.get_by_label("I have read these terms").check()
    page.get_by_label("I may accept terms for").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Check and accept the terms")).to_be_visible()
    visitor.look("check the terms")
    page.get_by_role("button", name="Accept the terms").click()
    expect(page.get_by_text(re.compile(r"^Accepted on .* by Maya Lindqvist, Director"))).to_be_visible()
    visitor.look("accepted terms")


def open_invoice(visitor: Visitor, debt: Debt, invoice_id: int) -> Page:
    """Be on the page of an invoice, signed in anew: days may have gone by."""
    come_in(visitor, debt)
    return portal(visitor, debt, f"/invoices/{invoice_id}")


def pay(page: Page, visitor: Visitor, amount: str) -> None:
    """From an invoice's page, pay what it asks for by card."""
    page.get_by_role("button", name=f"Pay {amount}").click()
    visitor.look("check an early payment")
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(GOOD)
    expect_receipt(page, amount)


@each_way
def test_credit_is_applied_for_checked_and_granted(
    house: House, visit: OpenBrowser, email: str, officer: StaffMember, script: bool
) -> None:
    debt, _ = under(house, POINTS, email)
    customer, clerk = visit(java_script_enabled=script), visit()
    come_in(customer, debt)
    come_to_work(clerk, officer)

    page = portal(customer, debt)
    page.get_by_role("link", name="Your credit limit").click()
    customer.look("apply for credit")
    page.get_by_label("Name as it is registered").fill(f"Lindqvist and Sons {debt.account_id}")
    page.get_by_label("Country").select_option("GB")
    page.get_by_label("Company number").fill("09876543")
    page.get_by_label("Trading since").fill("2015")
    page.get_by_label("Credit limit").fill("4000")
    page.get_by_label("What you want to buy from us").fill("Stock for the second shop")
    page.get_by_label("Supplier 1", exact=True).fill("Kite Drinks")
    page.get_by_label("Email or phone of supplier 1").fill("ar@kite.example")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Check your application")).to_be_visible()
    customer.look("check the application")
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("You asked for £4,000.00.")).to_be_visible()
    customer.look("application sent")

    desk = clerk.page
    desk.goto(f"{house.office}/accounts/{debt.account_id}/credit-limit")
    desk.get_by_text("Enter a check by hand").click()
    desk.get_by_label("Who checked").fill("Northern Credit Bureau")
    desk.get_by_label("Score").fill("82")
    desk.get_by_label("As of").fill(day_of(house).isoformat())
    clerk.look("enter a check")
    desk.get_by_role("button", name="Keep the check").click()
    expect(desk.get_by_role("row").filter(has_text="Northern Credit Bureau")).to_contain_text("82")
    desk.goto(f"{house.office}/credit-applications")
    clerk.look("applications")
    desk.get_by_role("link", name=f"Lindqvist and Sons {debt.account_id}").click()
    expect(desk.get_by_text("No credit: ", exact=False).first).to_be_visible()
    desk.get_by_label("What they say of them").select_option("good")
    desk.get_by_label("In their words").fill("Pays to the day, for nine years")
    desk.get_by_role("button", name="Keep it").click()
    expect(desk.get_by_text("A limit of £2,000.00, to be paid within 21 days.")).to_be_visible()
    clerk.look("decide on an application")
    desk.get_by_label("Reasons").fill("A good score, and a supplier who speaks well of you.")
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_role("button", name="Approve")).to_have_count(0)
    clerk.look("application decided")

    portal(customer, debt, "/apply-for-credit")
    expect(page.get_by_text("You may owe us up to £2,000.00, and pay each invoice within 21 days.")).to_be_visible()
    expect(page.get_by_text("a supplier who speaks well of you")).to_be_visible()
    customer.look("credit granted")


@either_database
def test_paying_on_the_tenth_day_saves_two_per_cent_and_on_the_eleventh_nothing(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt, _ = under(house, TWO_TEN, email)
    visitor = visit(java_script_enabled=script)
    come_in(visitor, debt)
    portal(visitor, debt)
    visitor.look("home with new terms")
    accept(visitor)
    portal(visitor, debt, "/terms")
    expect(visitor.page.get_by_text("Payment is due within 30 days.")).to_be_visible()
    visitor.look("terms")
    early, late = invoice(house, debt, "1000.00"), invoice(house, debt, "500.00")
    last_day = day_of(house) + timedelta(days=10)

    house.later(days=10)
    page = open_invoice(visitor, debt, early)
    expect(page.get_by_text("Pay early and save £20.00")).to_be_visible()
    expect(page.get_by_text(f"by {last_day.day} {last_day:%b %Y}").first).to_be_visible()
    visitor.look("invoice with a saving")
    pay(page, visitor, "£980.00")
    assert house.owed(debt.account_id) == money("500")
    page = open_invoice(visitor, debt, early)
    expect(page.get_by_text("Settled", exact=True).first).to_be_visible()
    expect(page.locator("[aria-labelledby=story]").get_by_text("−£20.00")).to_be_visible()
    visitor.look("invoice paid early")

    house.later(days=1)
    page = open_invoice(visitor, debt, late)
    expect(page.get_by_text("Pay early and save")).to_have_count(0)
    pay(page, visitor, "£500.00")

    assert house.owed(debt.account_id) == money("0")
    assert house.payments(debt.account_id) == [("succeeded", 980_00), ("succeeded", 500_00)]


@each_way
def test_paying_late_bears_interest_whose_working_can_be_read(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    debt, _ = under(house, EIGHT_PER_CENT, email)
    overdue = invoice(house, debt, "1200.00")
    due = day_of(house) + timedelta(days=30)
    charged = (due + timedelta(days=40)).replace(day=1)
    days = (charged - due).days
    interest = (Decimal("1200.00") * 8 * days / 36_500).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    visitor = visit(java_script_enabled=script)

    house.later(days=(charged - day_of(house)).days)
    come_in(visitor, debt)
    url = f"{house.portal}/accounts/{debt.account_id}/invoices/{overdue}"
    shows(visitor, url, re.compile("Interest"))
    page = visitor.page
    visitor.look("invoice with late charges")
    page.locator("[aria-labelledby=lateness]").get_by_role("link").first.click()

    working = page.locator("[aria-labelledby=working]")
    row = working.locator("tbody tr")
    expect(row).to_have_count(1)
    for words in (str(days), "£1,200.00", "8%", f"£{interest}"):
        expect(row).to_contain_text(words)
    expect(working.get_by_role("heading", name="What would change it")).to_be_visible()
    visitor.look("working of interest")
    assert house.owed(debt.account_id) == money("1200") + money(str(interest))


@each_way
def test_a_new_version_is_published_and_the_customer_asked_again(
    house: House, visit: OpenBrowser, email: str, officer: StaffMember, script: bool
) -> None:
    debt, policy = under(house, TWO_TEN, email)
    customer, clerk = visit(java_script_enabled=script), visit()
    come_in(customer, debt)
    portal(customer, debt)
    accept(customer)
    portal(customer, debt)
    expect(customer.page.get_by_text("New terms to read")).to_have_count(0)

    come_to_work(clerk, officer)
    desk = clerk.page
    desk.goto(f"{house.office}/policies/{policy}")
    desk.get_by_role("button", name="Write the next version").click()
    desk.get_by_role("link", name=re.compile("Turn on.*Late interest")).click()
    clerk.look("section of a draft")
    desk.get_by_label("Per cent a year", exact=True).fill("8")
    desk.get_by_role("button", name="Keep it", exact=True).click()
    changes = desk.locator("[aria-labelledby=changes]")
    expect(changes.get_by_text("Late payment bears interest at 8 per cent a year.")).to_be_visible()
    clerk.look("draft")
    desk.get_by_role("link", name="Look over and publish").click()
    clerk.look("publish")
    desk.get_by_role("button", name="Publish version 2").click()
    confirm(clerk, officer)
    expect(desk.get_by_role("heading", name="What version 2 says")).to_be_visible()
    clerk.look("published")

    page = portal(customer, debt)
    expect(page.get_by_text("New terms to read")).to_be_visible()
    page.get_by_role("link", name="Read and accept them").click()
    news = page.locator("[aria-labelledby=news]")
    expect(news.get_by_text("Late payment bears interest at 8 per cent a year.")).to_be_visible()
    customer.look("news of the terms")
    page.go_back()
    accept(customer)
    desk.goto(f"{house.office}/accounts/{debt.account_id}/terms")
    expect(desk.get_by_text(re.compile(r"Version 2 of .*, by Maya Lindqvist, Director"))).to_be_visible()
    clerk.look("terms of an account")
