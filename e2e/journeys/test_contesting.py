"""Contesting: on a phone, two lines with a photo, the rest paid, a question answered, the credit note; and by staff."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from domain.accounts import queries as accounts
from domain.invoicing.issuing import NewLine, issue
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, come_to_work, portal
from tests.support.builders import money
from tests.support.house import House

PHONE = {"width": 360, "height": 780}
LINES = (("Oak boxes, 40 pieces", "800"), ("Lids for them", "150"), ("Delivery", "50"))


def test_two_lines_are_contested_with_a_photo_and_decided_within_authority(
    house: House, visit: OpenBrowser, email: str, tmp_path: Path
) -> None:
    debt = house.customer("20.00", email=email)
    with house.wired.database.transaction() as session:
        account = accounts.account(session, debt.account_id)
        lines = [NewLine(words, money(amount), money("0")) for words, amount in LINES]
        invoice = issue(session, account, lines, actor=OPERATOR)
        number, path = invoice.number, f"/invoices/{invoice.id}"
    handler = house.officer(Role.COLLECTOR, f"collector.{email}")
    photo = tmp_path / "boxes.jpg"
    Image.new("RGB", (640, 480), "saddlebrown").save(photo)
    customer, staff = visit(viewport=PHONE), visit()
    come_in(customer, debt)
    come_to_work(staff, handler)

    page = portal(customer, debt, path)
    page.get_by_role("link", name="There is a problem with this invoice").click()
    customer.look("what is wrong")
    page.get_by_label("What is wrong?").select_option("damaged")
    page.get_by_role("checkbox", name="Oak boxes").check()
    page.get_by_role("checkbox", name="Lids").check()
    page.get_by_label("In your words").fill("Half of the boxes are split, and their lids do not fit.")
    page.get_by_label("Photos or papers that show it").set_input_files(photo)
    page.get_by_role("button", name="Send it, and pay what is right now").click()
    said = page.get_by_text("We have your dispute DSP-")
    expect(said).to_be_visible()
    ours = re.search(r"DSP-[\w-]*\w", said.inner_text())
    assert ours is not None
    customer.look("the rest to pay after a dispute")
    expect(page.get_by_text("£950.00 is in dispute and not asked for")).to_be_visible()
    page.get_by_role("button", name="Go on to your card").click()
    customer.pay_with("4242424242424242")
    expect(page.get_by_text("Receipt").first).to_be_visible()

    desk = staff.page
    desk.goto(f"{house.office}/disputes")
    staff.look("board of disputes")
    desk.get_by_role("link", name=ours[0], exact=True).click()
    staff.look("a dispute")
    expect(desk.get_by_role("link", name="boxes.jpg", exact=True)).to_be_visible()
    desk.get_by_label("Note", exact=True).fill("Ring the yard first.")
    desk.get_by_label("Message").fill("How many boxes are split?")
    desk.get_by_role("button", name="Ask, and wait for them").click()
    expect(desk.get_by_text("How many boxes are split?")).to_be_visible()
    expect(desk.get_by_label("Note", exact=True)).to_have_value("Ring the yard first.")
    expect(desk.get_by_label("Message")).to_have_value("")

    page = portal(customer, debt, "/disputes")
    page.get_by_role("link", name="DSP-").click()
    expect(page.get_by_text("It is your turn")).to_be_visible()
    customer.look("a question about a dispute")
    page.get_by_label("Your message").fill("Twenty of the forty.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Twenty of the forty.")).to_be_visible()
    customer.look("a dispute that we look into")

    desk.reload()
    expect(desk.get_by_text("Twenty of the forty.")).to_be_visible()
    desk.get_by_label("Credit so much").fill("950")
    desk.get_by_label("Answer", exact=True).fill("Everything, then.")
    desk.get_by_role("button", name="See what accepting will do").click()
    expect(desk.get_by_text("£950.00 is more than you can decide alone")).to_be_visible()
    desk.get_by_label("Message").fill("We look into it.")
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.get_by_label("Message")).to_have_value("We look into it.")
    expect(desk.get_by_label("Answer", exact=True)).to_have_value("Everything, then.")
    desk.goto(f"{house.office}/disputes")
    desk.get_by_role("link", name=ours[0], exact=True).click()
    desk.get_by_label("Credit so much").fill("475")
    desk.get_by_label("Answer", exact=True).fill("We credit the half that is split.")
    desk.get_by_role("button", name="See what accepting will do").click()
    staff.look("a credit note that is previewed")
    desk.get_by_role("button", name="Accept and credit it").click()
    expect(desk.get_by_text("Partly accepted").first).to_be_visible()

    page = portal(customer, debt, "/disputes")
    page.get_by_role("link", name="DSP-").click()
    expect(page.get_by_text("We have credited £475.00")).to_be_visible()
    customer.look("a dispute that is decided")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text("CN-").first).to_be_visible()
