"""Insolvency: staff open it, claim, record a dividend; the customer reads it in plain words and pays nothing old."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from domain.accounts.queries import lock
from domain.shared.db.session import today
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, come_to_work, portal
from tests.support.builders import an_invoice
from tests.support.house import House


def test_a_customer_becomes_insolvent_and_a_dividend_comes(house: House, visit: OpenBrowser, email: str) -> None:
    clerk, debt = visit(), house.customer(email=email)
    come_to_work(clerk, house.officer(Role.COLLECTOR, email.replace("@", ".office@")))
    with house.wired.database.transaction() as session:
        day = today(session)
        issued_on = day - timedelta(days=90)
        number = an_invoice(
            session, lock(session, debt.account_id), "1200", issued_on=issued_on, due_on=issued_on + timedelta(days=30)
        ).number
    desk = clerk.page

    desk.goto(f"{house.office}/accounts/{debt.account_id}/insolvencies")
    desk.get_by_role("link", name="The customer is insolvent").click()
    desk.get_by_label("What sort of proceeding").select_option("liquidation")
    desk.get_by_label("First day").fill((day - timedelta(days=20)).isoformat())
    desk.get_by_label("Last day for claims").fill((day + timedelta(days=30)).isoformat())
    desk.get_by_label("Case number").fill("CR-2026-001234")
    desk.get_by_label("Who runs it").fill("Mair & Co, licensed insolvency practitioners")
    desk.get_by_label("Their email").fill(email.replace("@", ".claims@"))
    desk.get_by_role("button", name="Open it and stop everything").click()
    desk.get_by_role("link", name="File our claim").click()
    expect(desk.get_by_text(number).first).to_be_visible()
    clerk.look("a claim to be filed")
    desk.get_by_role("button", name="File the claim").click()
    desk.get_by_role("button", name="Mail the claim").click()
    desk.get_by_role("textbox", name="Admitted").fill("1000")
    desk.get_by_label("Why the rest was refused").fill("One pallet came back")
    desk.get_by_role("button", name="Keep what was admitted").click()
    desk.get_by_label("Rate, in hundredths").fill("12.5")
    desk.get_by_role("button", name="Keep the dividend").click()
    desk.get_by_label("Bank transfer").check()
    clerk.look("an insolvency with a dividend")
    desk.get_by_role("button", name="Record it").click()
    expect(desk.get_by_text("not seen at the bank yet")).to_be_visible()
    mail = house.letter(email.replace("@", ".claims@"), "Our claim in the insolvency")
    assert mail.attachments
    desk.goto(f"{house.office}/insolvencies")
    clerk.look("insolvencies")

    customer = visit(viewport={"width": 390, "height": 844})
    come_in(customer, debt)
    page = portal(customer, debt)
    expect(page.get_by_text("Mair & Co, licensed insolvency practitioners")).to_be_visible()
    customer.look("home of somebody insolvent")
    page = portal(customer, debt, "/invoices")
    expect(page.get_by_role("heading", name="In insolvency proceedings")).to_be_visible()
    expect(page.get_by_role("checkbox", name=number)).to_have_count(0)
    customer.look("invoices of somebody insolvent")

    desk.goto(f"{house.office}/accounts/{debt.account_id}/insolvencies")
    desk.get_by_role("link", name="Liquidation").click()
    desk.get_by_label("What there was has been paid out").check()
    desk.get_by_role("button", name="End it").click()
    expect(desk.get_by_text("stays held")).to_be_visible()
    clerk.look("an insolvency that has ended")
