"""A collector asks by keyboard alone for a credit note over their limit, a manager approves it, and they read so."""

from __future__ import annotations

from playwright.sync_api import expect

from domain.receivables.model import Invoice
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.hands import Hands
from e2e.support.people import come_to_work, confirm
from tests.support.house import House

BROKEN = "Half of it came broken"


def test_a_credit_note_over_ones_limit_is_asked_for_and_approved(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("900", email=email)
    collector, manager = visit(), visit()
    come_to_work(collector, house.officer(Role.COLLECTOR, email.replace("@", ".desk@")))
    boss = house.officer(Role.MANAGER, email.replace("@", ".boss@"))
    come_to_work(manager, boss)
    desk, hands = collector.page, Hands(collector.page)

    desk.goto(f"{house.office}/accounts/{debt.account_id}/invoices/{debt.invoices[0]}/credit")
    expect(desk.get_by_text("you decide alone")).to_be_visible()
    hands.fill(desk.get_by_label("How much, tax included"), "700")
    hands.fill(desk.get_by_label("Why", exact=True), BROKEN)
    hands.choose(desk.get_by_role("button", name="See what it will do"))
    expect(desk.get_by_text("is more than you can decide alone")).to_be_visible()
    collector.look("a form that is too much for one")
    hands.fill(desk.get_by_label("A word for whoever approves it"), "The photos are in the dispute")
    hands.choose(desk.get_by_role("button", name="Ask for approval"))
    expect(desk.get_by_role("button", name="Withdraw the request")).to_be_visible()
    collector.look("one's own request")
    assert hands.pointed == []

    page = manager.page
    page.goto(f"{house.office}/accounts/{debt.account_id}")
    page.get_by_role("link", name="See the request").first.click()
    expect(page.get_by_text("The photos are in the dispute")).to_be_visible()
    manager.look("a request to decide on")
    page.get_by_role("button", name="Approve and do it").click()
    confirm(manager, boss)
    expect(page.get_by_text("Approved and done")).to_be_visible()
    page.goto(f"{house.office}/approvals?show=ended")
    manager.look("requests that have ended")

    desk.goto(f"{house.office}/worklist?whose=mine")
    expect(desk.get_by_role("heading", name="What you asked approval for has been decided")).to_be_visible()
    hands.choose(desk.get_by_role("link", name="See what is asked for").first)
    hands.choose(desk.get_by_role("button", name="I have read it"))
    expect(desk.get_by_role("button", name="I have read it")).to_have_count(0)
    collector.look("an answer that was read")
    assert hands.pointed == []
    with house.wired.database.reading() as session:
        assert session.get_one(Invoice, debt.invoices[0]).open_minor == 200_00
