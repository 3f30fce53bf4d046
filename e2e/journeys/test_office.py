"""What staff come to do: find somebody, see what they paid, load a file and take it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.staff.codes import code_at
from domain.staff.model import Role, StaffMember
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import GOOD, choose_all_and_check, expect_receipt
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.house import PASSWORD, House

FILE = (
    "customer id,invoice number,invoice date,due date,amount,email\n"
    "LOAD-1,LOAD-1001,2026-01-05,2026-02-04,120.00,loaded@harbour.example\n"
    "LOAD-1,LOAD-1002,2026-01-06,2026-02-05,30.50,loaded@harbour.example\n"
)


@pytest.fixture
def officer(house: House, email: str) -> StaffMember:
    """A manager, whom nobody else is."""
    return house.officer(Role.MANAGER, email.replace("@", ".office@"))


def sign_in(visitor: Visitor, officer: StaffMember) -> None:
    """Come in with password and the phone's code."""
    page = visitor.page
    page.goto(f"{visitor.house.office}/sign-in")
    visitor.look("office sign in")
    page.get_by_label("Your work email").fill(officer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from your phone").fill(code_at(officer.totp_secret, visitor.house.clock.now()))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{visitor.house.office}/worklist")


def test_staff_sign_in_find_the_account_and_see_the_payment_in_its_timeline(
    house: House, visit: OpenBrowser, email: str, officer: StaffMember
) -> None:
    debt = house.customer("120.00", email=email)
    customer = visit()
    customer.sign_in(email)
    choose_all_and_check(customer, debt)
    customer.page.get_by_role("button", name="Go on to your card").click()
    customer.pay_with(GOOD)
    expect_receipt(customer.page, "£120.00")
    visitor = visit()
    page = visitor.page

    sign_in(visitor, officer)
    visitor.look("office accounts")
    page.get_by_role("combobox", name="Search").fill(email)
    page.get_by_role("combobox", name="Search").press("Enter")
    page.locator(f"a[href='/accounts/{debt.account_id}']").click()

    timeline = page.locator("#timeline")
    expect(timeline.get_by_text("£120.00").first).to_be_visible()
    visitor.look("office account")
    timeline.get_by_role("link", name="Money").click()
    expect(timeline.get_by_role("link", name="Money")).to_have_attribute("aria-current", "true")
    page.goto(f"{house.office}/payments")
    visitor.look("office payments")
    page.get_by_role("main").get_by_role("link").filter(has_text="Maya Lindqvist").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visitor.look("office payment")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_file_is_loaded_and_taken_back(house: House, visit: OpenBrowser, officer: StaffMember, script: bool) -> None:
    visitor = visit(java_script_enabled=script)
    page = visitor.page
    sign_in(visitor, officer)
    page.goto(f"{house.office}/imports")
    visitor.look("imports")

    page.get_by_label("A file of invoices").set_input_files(
        {"name": "march.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Upload it").click()
    expect(page.get_by_role("heading", name="Match the columns")).to_be_visible()
    visitor.look("match")
    page.get_by_label("Its dates look like").select_option("iso")
    page.get_by_label("Currency, where no column has it").fill("GBP")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("button", name="Book all of it")).to_be_visible(timeout=20_000)
    visitor.look("preview")
    page.get_by_role("button", name="Book all of it").click()
    expect(page.get_by_text("The file is booked").first).to_be_visible(timeout=20_000)
    visitor.look("booked")
    page.goto(f"{house.office}/accounts?q=LOAD-1001")
    account_id = int((page.locator("tbody a").get_attribute("href") or "").rpartition("/")[2])
    assert house.owed(account_id) == money("150.50")

    page.go_back()
    house.clock.advance(minutes=11)
    page.get_by_role("button", name="Take the import back").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    visitor.look("confirm")
    page.get_by_label("Code from your phone").fill(code_at(officer.totp_secret, house.clock.now()))
    page.get_by_role("button", name="Confirm and go on").click()

    expect(page.get_by_text("This import was taken back")).to_be_visible()
    visitor.look("taken back")
    assert house.owed(account_id) == money("0")
