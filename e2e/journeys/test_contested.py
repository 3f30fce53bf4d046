"""A bank contests payments: one is answered with a photograph and won, one is lost, and its debt is credited."""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, expect

from domain.chargebacks import queries as chargebacks
from domain.chargebacks.queries import View
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import check_to_pay, come_in, come_to_work, confirm, shows
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.house import Debt, House
from tests.support.waiting import until

CONTESTED = "4000000000000259"


def pay(visitor: Visitor, debt: Debt, number: int) -> None:
    """Pay an invoice with a card whose bank contests it."""
    page = check_to_pay(visitor, debt, number)
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(CONTESTED)
    page.wait_for_url(re.compile(r"/payments/"))


def a_photo() -> bytes:
    """A photograph of a delivery note."""
    written = BytesIO()
    Image.new("RGB", (300, 400), "white").save(written, format="JPEG")
    return written.getvalue()


def waiting(house: House, debt: Debt) -> list[str]:
    """Where the customer's chargebacks are that wait for an answer, the first to be answered first."""
    with house.wired.database.reading() as session:
        rows = chargebacks.chargebacks(session, View.OPEN, limit=9)
    return [f"/chargebacks/{row.chargeback_ref}" for row in rows if row.account_id == debt.account_id]


def answer(clerk: Visitor, path: str, words: str) -> Page:
    """Put together what we hold, say it in these words, and go on to look at all of it."""
    page = clerk.page
    page.goto(f"{clerk.house.office}{path}")
    page.get_by_role("link", name="Answer the bank").click()
    clerk.look("begin an answer to a bank")
    page.get_by_role("button", name="Put together what we hold").click()
    page.get_by_label("What happened, in short").fill(words)
    return page


def test_one_is_answered_and_won_and_one_is_lost_and_its_debt_credited(
    house: House, visit: OpenBrowser, email: str
) -> None:
    debt = house.customer("120.00", "80.00", email=email)
    customer, clerk = visit(), visit()
    come_in(customer, debt)
    pay(customer, debt, 0)
    pay(customer, debt, 1)
    house.simulator.settle()
    house.later(minutes=2)
    until(lambda: house.owed(debt.account_id) == money("200"), "both chargebacks")
    first, second = waiting(house, debt)
    officer = house.officer(Role.MANAGER, email.replace("@", ".office@"))
    come_to_work(clerk, officer)

    page = answer(clerk, first, "winning_evidence")
    expect(page.get_by_text("No proof of delivery goes with the answer.")).to_be_visible()
    page.get_by_label("Send new files").set_input_files(
        {"name": "note.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    page.get_by_label("They go to").select_option(label="Proof of delivery")
    page.get_by_role("button", name="Save for now").click()
    expect(page.get_by_text("No proof of delivery goes with the answer.")).to_have_count(0)
    clerk.look("an answer to a bank")
    page.get_by_role("button", name="Save, and look at all of it").click()
    expect(page.get_by_role("link", name="note.jpg")).to_be_visible()
    clerk.look("check an answer to a bank")
    page.get_by_role("button", name="Hand it in").click()
    confirm(clerk, officer)
    shows(clerk, f"{house.office}{first}", "The bank decides")
    clerk.look("a chargeback that was answered")

    page = answer(clerk, second, "losing_evidence")
    page.get_by_role("button", name="Save, and look at all of it").click()
    page.get_by_role("button", name="Hand it in").click()
    shows(clerk, f"{house.office}{second}", "The bank decides")
    house.later(minutes=2)

    shows(clerk, f"{house.office}{first}", "Won")
    shows(clerk, f"{house.office}{second}", "Lost")
    page.get_by_role("link", name="Decide about the debt").click()
    clerk.look("what becomes of a lost debt")
    page.get_by_role("radio", name="The debt is credited").check()
    page.get_by_label("Why").fill("It never arrived.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The debt is credited")).to_be_visible()
    clerk.look("a lost chargeback that was decided about")
    assert house.owed(debt.account_id) == money("0")
