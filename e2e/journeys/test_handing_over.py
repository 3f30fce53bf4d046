"""A debt on its way: worked out, proposed, sent, collected by an agency and paid to us, remitted wrongly, put right."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from domain.placements.people.inviting import invite
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work, shows
from e2e.support.visitor import Visitor
from tests.support.house import House
from tests.support.placing import a_late_debt, a_partner


def agree_to_hand_over(desk: Visitor, house: House, account_id: int, agency: str) -> str:
    """Staff work the ways out, decide on the agency, propose, approve and send it; the page of the handoff."""
    page = desk.page
    page.goto(f"{house.office}/accounts/{account_id}/routes")
    page.get_by_role("radio", name="Hand it to an agency").check()
    page.get_by_label("Why").fill("Nobody answers.")
    page.get_by_role("button", name="Decide on it").click()
    expect(page.get_by_text("Nobody answers.")).to_be_visible()

    page.goto(f"{house.office}/accounts/{account_id}/handoffs")
    page.get_by_label("For which partner").select_option(label=agency)
    page.get_by_label("Why", exact=True).fill("Nothing comes.")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_role("button", name="Approve it").click()
    page.get_by_role("button", name=re.compile("Send it to")).click()
    expect(page.get_by_role("heading", name="What the partner said")).to_be_visible()
    desk.look("a handoff that was sent")
    return page.url.partition("?")[0].partition("#")[0]


def pay_part(customer: Visitor, house: House, account_id: int, invoice: tuple[int, str], amount: str) -> None:
    """The customer pays a part to us by card."""
    page = customer.page
    page.goto(f"{house.portal}/accounts/{account_id}/pay?invoice={invoice[0]}")
    page.get_by_label(invoice[1]).fill(amount)
    page.get_by_role("button", name="Go on to your card").click()
    customer.pay_with("4242424242424242")
    page.wait_for_url(re.compile(re.escape(house.portal)))


def test_a_debt_is_handed_over_collected_remitted_wrongly_and_put_right(
    house: House, visit: OpenBrowser, email: str
) -> None:
    agent, agency = email.replace("@", ".agent@"), f"Fair Recovery of {email}"
    with house.wired.database.transaction() as session:
        partner = a_partner(session, name=agency)
        invite(session, partner.id, email=agent, name="Gus Fair", actor=OPERATOR)
        account, invoice = a_late_debt(session, "1200")
        account_id, named, partner_id = account.id, (invoice.id, invoice.number), partner.id
    desk, customer, collector = visit(), visit(), visit()
    come_to_work(desk, house.officer(Role.MANAGER, email.replace("@", ".office@")), sure=True)
    token = house.guest(account_id, email)
    customer.page.context.add_cookies([{"name": "portal", "value": token, "url": house.portal}])

    handoff = agree_to_hand_over(desk, house, account_id, agency)

    collector.page.goto(f"{house.partners}/sign-in")
    collector.page.get_by_label("Your work email").fill(agent)
    collector.page.get_by_role("button", name="Send me a link").click()
    collector.page.goto(house.link(agent))
    collector.page.get_by_role("button", name="Sign in").click()
    placement = f"{house.partners}/placements/{handoff.rpartition('/')[2]}"
    collector.page.goto(placement)
    collector.page.get_by_role("button", name="Take it on").click()
    expect(collector.page.get_by_text("Yours to collect")).to_be_visible()

    customer.page.goto(f"{house.portal}/accounts/{account_id}")
    expect(customer.page.get_by_role("main").get_by_text(agency).first).to_be_visible()
    pay_part(customer, house, account_id, named, "300")
    shows(collector, f"{house.partners}/payments", "£300.00")
    collector.look("partners: a payment to us")
    assert "has paid us £300.00" in house.letter("in@fair.example", "has paid us").subject

    collector.page.goto(placement)
    collector.page.get_by_role("link", name="Report a payment").click()
    collector.page.get_by_label("How much was paid").fill("400")
    collector.page.get_by_label("When you received it").fill(house.clock.now().date().isoformat())
    collector.page.get_by_label("Your reference of the payment").fill("FR-1")
    collector.page.get_by_role("button", name="Report it").click()
    expect(collector.page.get_by_text("FR-1").first).to_be_visible()
    collector.page.goto(f"{placement}/close")
    collector.page.get_by_label("It cannot be collected").check()
    collector.page.get_by_label("What you have found out").fill("The rest is gone.")
    collector.page.get_by_role("button", name="Close it").click()
    expect(collector.page.get_by_text("Cannot be collected").first).to_be_visible()

    money = desk.page
    money.goto(f"{house.office}/partners/{partner_id}/money")
    expect(money.get_by_text("£400.00").first).to_be_visible()
    money.get_by_role("link", name="Record a remittance in GBP").click()
    money.get_by_label("Its reference").fill("JAN")
    money.get_by_label("Day on which it was sent").fill(house.clock.now().date().isoformat())
    money.get_by_label("Commission of FR-1").fill("150")
    money.get_by_label("Tax of FR-1").fill("28")
    money.get_by_label("What comes to the bank").fill("222")
    money.get_by_role("button", name="Record it").click()
    money.get_by_label("Day on which it came").fill(house.clock.now().date().isoformat())
    money.get_by_role("button", name="It was seen at the bank").click()
    expect(money.get_by_text("£10.00 is missing by the card")).to_be_visible()
    desk.look("a remittance that differs")
    assert "£10.00 short" in house.letter("in@fair.example", "short").subject
    money.get_by_label("Why it is accepted").fill("A visit that we had asked for.")
    money.get_by_role("button", name="Accept it").click()
    expect(money.get_by_text("Accepted by us").first).to_be_visible()
    money.goto(f"{house.office}/partners/{partner_id}/money")
    expect(money.get_by_role("complementary").get_by_text("£0.00").first).to_be_visible()

    assert house.owed(account_id).minor == 500_00
    house.expect_whole_books()
