"""Money outside the processor: a cheque recorded, banked and returned, a statement of the bank, credit that is used."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from domain.payments.model import PaymentMethod
from domain.processing.receipts.recording import Slip, record_receipt
from domain.receivables.model import Invoice
from domain.receivables.references import reference_of
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role, StaffMember
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, come_to_work, portal
from tests.support.bank_files import a_camt053, a_line
from tests.support.builders import money
from tests.support.house import Debt, House


@pytest.fixture
def officer(house: House, email: str) -> StaffMember:
    """A manager, whom nobody else is."""
    return house.officer(Role.MANAGER, email.replace("@", ".office@"))


def day_of(house: House) -> date:
    """Today, where the business is."""
    with house.wired.database.reading() as session:
        return today(session)


def test_a_cheque_is_recorded_banked_and_returned(
    house: House, visit: OpenBrowser, email: str, officer: StaffMember
) -> None:
    debt = house.customer("120.00", email=email)
    visitor = visit()
    page = visitor.page
    come_to_work(visitor, officer, sure=True)

    page.goto(f"{house.office}/accounts/{debt.account_id}/receipts/new")
    page.get_by_label("How much").fill("120.00")
    page.get_by_label("Reference").fill("100317")
    expect(page.locator("#effect").get_by_text(debt.numbers[0])).to_be_visible()
    visitor.look("record a receipt")
    page.get_by_role("button", name="See what it will do").click()
    visitor.look("check the receipt")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="Payment of £120.00")).to_be_visible()
    payment = page.url
    assert house.owed(debt.account_id) == money("0")
    assert "£120.00" in house.letter(email, "eceipt").text

    page.goto(f"{house.office}/receipts")
    page.get_by_role("row").filter(has_text="100317").get_by_role("checkbox").check()
    visitor.look("receipts to bank")
    page.get_by_role("button", name="Banked").click()
    expect(page.get_by_role("row").filter(has_text="100317")).to_have_count(0)
    page.goto(payment)
    page.get_by_role("link", name="It came back").click()
    page.get_by_label("Why it came back").select_option("bounced")
    visitor.look("return a receipt")
    page.get_by_role("button", name="Return it").click()

    expect(page.get_by_text("The bank did not pay it").first).to_be_visible()
    visitor.look("returned receipt")
    assert house.owed(debt.account_id) == money("120")
    customer = visit()
    come_in(customer, debt)
    portal(customer, debt, "/statement")
    customer.look("statement with a return")


def a_statement(house: House, sure: Debt) -> bytes:
    """A sure line, one over two accounts' invoices, and one of nobody that we know."""
    on = day_of(house)
    return a_camt053(
        a_line("120.00", reference_of(sure.invoices[0]), on=on, name="Maya", account="", currency="GBP"),
        a_line("90.00", f"from us both {sure.email}", on=on, name="Ledger and Lane", account="", currency="GBP"),
        a_line("33.33", f"thanks {sure.email}", on=on, name="T Okonkwo", account="", currency="GBP"),
    )


def test_a_statement_is_taken_in_and_its_lines_accepted_split_and_parked(
    house: House, visit: OpenBrowser, email: str, officer: StaffMember
) -> None:
    sure = house.customer("120.00", email=email)
    split = [house.customer(each, email=f"{each}.{email}", name=f"Split {each}") for each in ("60.00", "30.00")]
    visitor = visit()
    page = visitor.page
    come_to_work(visitor, officer, sure=True)

    page.goto(f"{house.office}/bank/statements")
    page.get_by_label("A statement of the bank").set_input_files(
        {"name": "march.xml", "mimeType": "text/xml", "buffer": a_statement(house, sure)}
    )
    page.get_by_role("button", name="Upload it").click()
    visitor.look("bank file")
    page.get_by_label("A new bank account").fill("Current account")
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url(f"{house.office}/bank")
    visitor.look("bank lines")
    page.get_by_role("link", name="Accept all that is sure").click()
    visitor.look("sure lines")
    page.get_by_role("button", name="Book the ticked lines").click()
    expect(page.get_by_text("One line booked")).to_be_visible()
    assert house.owed(sure.account_id) == money("0")

    page.goto(f"{house.office}/bank")
    page.get_by_role("link", name=re.compile("Ledger and Lane")).first.click()
    visitor.look("bank line")
    for each in split:
        page.get_by_label("Find an account").fill(each.numbers[0])
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name=re.compile("^Choose")).first.click()
    page.get_by_label("Its part of").nth(0).fill("60.00")
    page.get_by_label("Its part of").nth(1).fill("30.00")
    visitor.look("split a bank line")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("Booked").first).to_be_visible()
    assert [house.owed(each.account_id) for each in split] == [money("0"), money("0")]

    page.goto(f"{house.office}/bank")
    page.get_by_role("link", name=re.compile("T Okonkwo")).first.click()
    page.get_by_role("button", name="Park as unidentified").click()
    page.goto(f"{house.office}/bank?show=parked")
    expect(page.get_by_role("link", name=re.compile("T Okonkwo")).first).to_be_visible()
    visitor.look("parked lines")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_credit_is_used_for_an_invoice(house: House, visit: OpenBrowser, email: str, script: bool) -> None:
    debt = house.customer("120.00", email=email)
    with house.wired.database.transaction() as session:
        slip = Slip(PaymentMethod.TRANSFER, money("150"), today(session), wanted={debt.invoices[0]: money("70")})
        record_receipt(session, debt.account_id, slip, actor=OPERATOR)
    visitor = visit(java_script_enabled=script)
    come_in(visitor, debt)

    page = portal(visitor, debt)
    visitor.look("home with credit")
    page.get_by_role("link", name="Use it for your invoices").click()
    visitor.look("use credit")
    page.get_by_role("button", name="Go on").click()
    visitor.look("check the credit")
    page.get_by_role("button", name="Use the credit").click()

    page.wait_for_url(f"{house.portal}/accounts/{debt.account_id}**")
    with house.wired.database.reading() as session:
        assert not session.get_one(Invoice, debt.invoices[0]).open
