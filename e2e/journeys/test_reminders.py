"""Reminders: a text is changed, a batch approved, the email paid and promised from, the promise broken, and left."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from sqlalchemy import select

from adapters.mail.folder import SentMail
from domain.accounts.model import Account, LegalForm
from domain.notices.model import Notice, NoticeStatus
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep, Promises, Sections
from domain.shared.db.session import today
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from e2e.support.visitor import Visitor
from tests.support.builders import an_invoice
from tests.support.house import Debt, House
from tests.support.policies import a_policy
from tests.support.waiting import until

STEPS = (
    DunningStep(day=2, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER, approve=True),
    DunningStep(day=6, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER),
)
PAY_LINK = re.compile(r"https?://\S+/l/\S+")
WAY_OUT = re.compile(r"https?://\S+/unsubscribe/\S+")


def two_late_invoices(house: House, email: str) -> Debt:
    """A company that is two days late with two invoices, and the sequence that rules it."""
    debt = house.customer(email=email)
    with house.wired.database.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        account.legal_form, account.country = LegalForm.COMPANY, "GB"
        day = today(session) - timedelta(days=2)
        invoices = [an_invoice(session, account, each, issued_on=day, due_on=day) for each in ("120.00", "75.00")]
        steps = Dunning(steps=STEPS)
        a_policy(session, Sections(dunning=steps, promises=Promises(most_days=14)), account_id=account.id)
        return Debt(account.id, email, [one.id for one in invoices], [one.number for one in invoices])


def by_day(house: House) -> None:
    """Go on to a time at which a business may be written to."""
    local = house.clock.now().astimezone(ZoneInfo("Europe/London"))
    if not time(8) <= local.time() < time(20):
        noon = datetime.combine(local.date() + timedelta(days=local.time() >= time(20)), time(12), local.tzinfo)
        house.later(seconds=(noon - local).total_seconds())


def notices(house: House, debt: Debt) -> list[tuple[Wording, NoticeStatus]]:
    """What was decided for this customer."""
    with house.wired.database.reading() as session:
        found = select(Notice.wording, Notice.status).where(Notice.account_id == debt.account_id).order_by(Notice.id)
        return [(row.wording, row.status) for row in session.execute(found)]


def reminded(house: House, debt: Debt, *expected: tuple[Wording, NoticeStatus]) -> None:
    """The worker looks what is due, and comes to this."""
    house.later(minutes=6)
    until(lambda: notices(house, debt) == list(expected), f"{expected}, and not {notices(house, debt)}")


def in_mail(letter: SentMail, pattern: re.Pattern[str]) -> str:
    """The address of this kind in an email."""
    found = pattern.search(letter.text)
    assert found, letter.text
    return found.group()


def change_the_text(clerk: Visitor, account_number: str) -> Page:
    """Put the first reminder into other words, and look at it on the account."""
    page = clerk.page
    page.goto(f"{clerk.house.office}/texts?language=en")
    clerk.look("texts of notices")
    page.get_by_role("link", name=re.compile("First reminder, Email")).click()
    page.get_by_label("Subject").fill("A kind word about {invoices}")
    page.get_by_label("On the account with the number").fill(account_number)
    page.get_by_role("button", name="Show it on this account").click()
    clerk.look("a text as it would read")
    expect(page.get_by_text(re.compile("^A kind word about invoices "))).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Version")).not_to_have_count(0)
    clerk.look("a text that was changed")
    return page


def test_from_the_text_to_the_broken_promise_and_the_way_out(house: House, visit: OpenBrowser, email: str) -> None:
    by_day(house)
    debt = two_late_invoices(house, email)
    with house.wired.database.reading() as session:
        number = session.get_one(Account, debt.account_id).number
    clerk = visit()
    officer = house.officer(Role.MANAGER, email.replace("@", ".office@"))
    come_to_work(clerk, officer)
    page = change_the_text(clerk, number)

    reminded(house, debt, (Wording.FIRST_REMINDER, NoticeStatus.WAITING))
    page.goto(f"{house.office}/notices")
    clerk.look("notices to approve")
    page.get_by_role("button", name="Approve all that are shown").click()
    expect(page.get_by_role("heading", name="What became of them")).to_be_visible()
    clerk.look("what became of the notices")
    letter = house.letter(email, "A kind word about")

    customer = visit(viewport={"width": 360, "height": 760})
    customer.page.goto(in_mail(letter, PAY_LINK))
    expect(customer.page.get_by_role("heading", name="£195.00 is open")).to_be_visible()
    pay_the_second(customer, debt)
    promise_the_rest(customer, house)

    house.later(days=4)
    reminded(
        house,
        debt,
        (Wording.FIRST_REMINDER, NoticeStatus.SENT),
        (Wording.SECOND_REMINDER, NoticeStatus.SENT),
    )
    again = house.letter(email, "Second reminder: £120.00")
    assert debt.numbers[0] in again.text
    assert debt.numbers[1] not in again.text
    come_to_work(clerk, officer)
    page.goto(f"{house.office}/accounts/{debt.account_id}")
    expect(page.get_by_text(re.compile("^Promise to pay by .*: not kept")).first).to_be_visible()
    clerk.look("an account that was reminded")

    customer.page.goto(in_mail(again, WAY_OUT))
    customer.look("stop these messages?")
    customer.page.get_by_role("button", name="Stop these messages").click()
    expect(customer.page.get_by_role("heading", name="We no longer send messages to this address")).to_be_visible()
    customer.look("no more messages")


def pay_the_second(customer: Visitor, debt: Debt) -> None:
    """Of the two invoices the smaller one is paid."""
    page = customer.page
    page.get_by_role("button", name="Pay £195.00").click()
    page.get_by_label(debt.numbers[0]).fill("")
    customer.look("pay one of two from a link")
    page.get_by_role("button", name="Go on to your card").click()
    customer.pay_with("4242424242424242")
    expect(page.get_by_role("heading", name="Thank you. We have your £75.00")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Back to the invoices").first.click()


def promise_the_rest(customer: Visitor, house: House) -> None:
    """The other one is promised for the day after tomorrow."""
    with house.wired.database.reading() as session:
        day = today(session) + timedelta(days=2)
    page = customer.page
    page.get_by_role("link", name="I need more time").click()
    page.get_by_role("link", name="Promise a day").click()
    page.get_by_role("checkbox").check()
    page.get_by_label("By when will you pay?").fill(day.isoformat())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_role("heading", name="Your promise")).to_be_visible()
