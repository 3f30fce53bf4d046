"""Plans and settlements on a phone: in how few screens, who may say yes, what failed put right, the quittance."""

from __future__ import annotations

import re
from datetime import timedelta
from time import monotonic

from playwright.sync_api import Page, expect
from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.plans.negotiating import Ask, ask_for
from domain.plans.schedule import Shape
from domain.policies.sections import Frequency, Plans, Sections
from domain.settlements.offering import Wanted, offer
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import GOOD
from e2e.support.people import SAVES_BUT_DECLINES, come_in, come_to_work, keep_a_card, portal
from tests.support.builders import an_invoice, money
from tests.support.house import Debt, House
from tests.support.planning import signed
from tests.support.policies import a_policy
from tests.support.settling import SETTLEMENTS
from tests.support.waiting import until

PHONE = {"width": 360, "height": 780}
TWO_MINUTES = 120.0
SIX_SCREENS = 6


def read_and_sign(page: Page) -> None:
    """Sign what the page says."""
    page.get_by_label("Your name").fill("Maya Lindqvist")
    page.get_by_label("Your job title").fill("Owner")
    page.get_by_label("I have read the agreement and agree to it.").check()
    page.get_by_label("I may agree to this for").check()
    page.get_by_role("button", name="Sign the plan").click()
    expect(page.get_by_text("The plan is signed")).to_be_visible()


def ruled(house: House, debt: Debt, plans: Plans) -> None:
    """The account may pay in parts."""
    with house.wired.database.transaction() as session:
        a_policy(session, Sections(plans=plans), account_id=debt.account_id)


def test_from_no_money_to_a_signed_plan_in_two_minutes_and_six_screens(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("600.00", email=email)
    ruled(house, debt, Plans(most_months=12))
    customer = visit(viewport=PHONE)
    come_in(customer, debt)
    page = portal(customer, debt)
    screens: list[str] = []
    page.on("load", lambda loaded: screens.append(loaded.url))
    begun = monotonic()

    page.get_by_role("link", name="I need more time").click()
    page.get_by_role("link", name="Pay in parts").click()
    page.get_by_role("radio", name=re.compile("^3 payments")).check()
    page.get_by_role("button", name="Go on").click()
    read_and_sign(page)

    assert monotonic() - begun < TWO_MINUTES
    assert len(screens) <= SIX_SCREENS, screens
    house.letter(email, "plan")


def test_beyond_the_fence_a_collector_is_told_who_can_and_a_manager_agrees(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("600.00", email=email)
    ruled(house, debt, Plans(most_months=3))
    customer, collector, manager = visit(viewport=PHONE), visit(viewport=PHONE), visit(viewport=PHONE)
    come_in(customer, debt)
    come_to_work(collector, house.officer(Role.COLLECTOR, email.replace("@", ".collects@")))
    come_to_work(manager, house.officer(Role.MANAGER, email.replace("@", ".decides@")))

    page = portal(customer, debt, f"/plans/new?invoice={debt.invoices[0]}")
    page.get_by_role("radio", name="Make my own").check()
    page.get_by_label("How many payments?").fill("10")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Why would this help?").fill("We open again in spring")
    page.get_by_role("button", name="Ask for this").click()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    path = re.search(r"/plans/\d+", page.url)
    assert path is not None

    collector.page.goto(f"{house.office}{path[0]}")
    collector.page.get_by_role("button", name="Agree").click()
    expect(collector.page.get_by_text("are more than you can decide alone. It can be done by")).to_be_visible()
    collector.look("a plan beyond one's authority")
    manager.page.goto(f"{house.office}{path[0]}")
    manager.page.get_by_role("button", name="Agree").click()
    expect(manager.page.get_by_text("To be signed").first).to_be_visible()

    house.letter(email, "plan")
    page = portal(customer, debt, path[0])
    read_and_sign(page)


def a_plan_from(house: House, debt: Debt) -> None:
    """A plan of two weekly parts, signed and about to begin, that waits for a way to pay."""
    with house.wired.database.transaction() as session:
        login_id = session.scalars(select(Login.id).where(Login.email == debt.email)).one()
        first_on = today(session) + timedelta(days=3)
        ask = Ask(tuple(debt.invoices), Shape(count=2, frequency=Frequency.MONTHLY, first_on=first_on))
        plan = ask_for(session, debt.account_id, ask, login_id=login_id, actor=Actor.login(login_id))
        signed(session, house.wired.store, plan, Actor.login(login_id))


def test_a_part_that_could_not_be_taken_is_put_right_from_the_email(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("240.00", email=email)
    ruled(house, debt, Plans(most_months=12, on_business_days=False))
    a_plan_from(house, debt)
    customer = visit(viewport=PHONE)
    come_in(customer, debt)
    keep_a_card(customer, debt, SAVES_BUT_DECLINES)
    house.later(minutes=2)
    house.letter(email, "will take £120.00")

    house.later(days=4)
    failed = house.letter(email, "could not take £120.00")
    link = re.search(rf"{re.escape(house.portal)}/\S*plans/\d+", failed.text)
    assert link is not None, failed.text
    come_in(customer, debt)
    page = customer.page
    page.goto(link[0])
    expect(page.get_by_text("£120.00 could not be taken")).to_be_visible()
    customer.look("a plan of which a part could not be taken")
    page.get_by_role("link", name="Pay £120.00").click()
    customer.look("pay a part that could not be taken")
    page.get_by_role("radio", name="Another way").check()
    page.get_by_role("button", name="Pay now").click()
    page.get_by_role("button", name="Take over and pay").click()
    customer.pay_with(GOOD)
    expect(page.get_by_text("Receipt").first).to_be_visible()

    page.goto(link[0])
    expect(page.get_by_role("heading", name="£120.00 of £240.00 paid")).to_be_visible()
    assert house.owed(debt.account_id) == money("120")


def test_a_settlement_is_accepted_and_paid_and_its_quittance_downloaded(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer(email=email)
    with house.wired.database.transaction() as session:
        a_policy(session, Sections(settlements=SETTLEMENTS), account_id=debt.account_id)
        day = today(session) - timedelta(days=90)
        account = accounts.lock(session, debt.account_id)
        invoice = an_invoice(session, account, "500", issued_on=day, due_on=day)
        asked = Wanted((invoice.id,), money("400"), 1, today(session) + timedelta(days=14), "They asked for it")
        offer(session, debt.account_id, asked, role=Role.MANAGER, actor=Actor.staff(1))
    customer = visit(viewport=PHONE)
    come_in(customer, debt)
    house.later(minutes=2)

    mail = house.letter(email, "Settle what you owe for £400.00")
    link = re.search(rf"{re.escape(house.portal)}/\S*settlements/\d+", mail.text)
    assert link is not None, mail.text
    page = customer.page
    page.goto(link[0])
    customer.look("an offer to settle")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("You pay £400.00 instead of £500.00")).to_be_visible()
    customer.look("what is agreed to with an offer")
    page.get_by_role("button", name="Accept").click()
    customer.look("an offer that was accepted")
    page.goto(link[0])
    page.get_by_role("link", name="Pay £400.00").click()
    page.get_by_role("button", name=re.compile("Pay|Go on to your card")).last.click()
    customer.pay_with(GOOD)
    expect(page.get_by_text("Receipt").first).to_be_visible()

    def quittance() -> bool:
        house.later(days=1)
        come_in(customer, debt)
        page.goto(link[0])
        return page.get_by_role("link", name="Download the letter that says so").is_visible()

    until(quittance, "the quittance", seconds=90)
    customer.look("an offer that was kept")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the letter that says so").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    assert house.owed(debt.account_id) == money("0")
