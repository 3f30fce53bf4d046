"""Answers: a customer stops messages by the link in one, answers another, and staff deal with what they wrote."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.handlers.fetching import take
from domain.accounts.contacts import ContactDetails, add
from domain.accounts.queries import lock
from domain.notices.reach.unsubscribing import token_for
from domain.policies.contacting import Channel
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from tests.support.house import House
from tests.support.linking import a_notice
from tests.support.mails import a_mail


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_messages_are_stopped_and_welcomed_again(house: House, visit: OpenBrowser, email: str, script: bool) -> None:
    reader = visit(java_script_enabled=script)
    token = token_for(house.wired.settings.secret_key.encode(), Channel.EMAIL, email)

    page = reader.page
    page.goto(f"{house.portal}/unsubscribe/{token}")
    reader.look("stop messages")
    page.get_by_role("button", name="Stop these messages").click()
    expect(page.get_by_role("heading", name="We no longer send messages to this address")).to_be_visible()
    reader.look("messages stopped")
    page.get_by_role("button", name="Send me messages again").click()

    expect(page.get_by_role("heading", name="We send messages to this address again")).to_be_visible()


def test_staff_deal_with_answers_and_choose_whom_notices_are_for(house: House, visit: OpenBrowser, email: str) -> None:
    debt = house.customer("120.00", email=email)
    stranger = email.replace("@", ".stranger@")
    with house.wired.database.transaction() as session:
        account = lock(session, debt.account_id)
        add(session, account, ContactDetails("Ana Reyes", email=email, phone="+44 1632 960001"), actor=OPERATOR)
        number, mark = account.number, a_notice(session, account).mark
    assert take(house.wired, a_mail("Paid on Friday.", message_id=f"<1.{mark}>", In_Reply_To=f"<{mark}@x>"))
    assert take(house.wired, a_mail("It is for Ana.", sender=stranger, message_id=f"<2.{stranger}>", subject=stranger))
    clerk = visit()
    come_to_work(clerk, house.officer(Role.COLLECTOR, email.replace("@", ".office@")))

    page = clerk.page
    page.goto(f"{house.office}/messages?show=unmatched")
    clerk.look("messages")
    page.get_by_role("link", name=stranger).click()
    clerk.look("a message of nobody")
    page.get_by_label("Number of the account").fill(number)
    page.get_by_role("button", name="Assign it").click()
    page.get_by_label("What was done").fill("Called Ana")
    page.get_by_role("button", name="It is dealt with").click()
    expect(page.get_by_text("Dealt with").first).to_be_visible()
    clerk.look("a message that is dealt with")

    page.goto(f"{house.office}/accounts/{debt.account_id}/people")
    clerk.look("ways to reach them")
    page.get_by_role("link", name="Change which notices Ana Reyes gets").click()
    clerk.look("whom notices are for")
    page.get_by_text("Those for whoever pays the invoices").click()
    page.get_by_label("They have agreed to text messages").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("text messages agreed on")).to_be_visible()
    page.get_by_role("link", name="Stop messages to +44 1632 960001").click()
    clerk.look("stop messages of somebody")
    page.get_by_label("Who asked for it, and how").fill("Ana, on the phone")
    page.get_by_role("button", name="Stop messages").click()

    expect(page.get_by_text("written down by staff: Ana, on the phone")).to_be_visible()
    page.goto(f"{house.office}/accounts/{debt.account_id}/timeline")
    expect(page.get_by_text("Called Ana").first).to_be_visible()
    expect(page.get_by_text("Ana Reyes has agreed to text messages")).to_be_visible()
