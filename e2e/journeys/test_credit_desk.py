"""The credit desk: a file of rates is put right row by row, insolvency holds new credit, lifting that is ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from domain.shared.db.session import today
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from tests.support.house import House

RATES = Path("docs/examples/reference-rates.csv")
BAD = b"reference,from,percent,source,complete_through\nboe,2025-12-18,much,BoE,\nlibor,2026-01-01,1,x,\n"


def test_a_file_of_rates_is_refused_by_row_and_then_entered(house: House, visit: OpenBrowser, email: str) -> None:
    clerk = visit()
    come_to_work(clerk, house.officer(Role.MANAGER, email))
    desk = clerk.page

    desk.goto(f"{house.office}/rates")
    clerk.look("reference rates")
    desk.get_by_label("A file of rates").set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": BAD})
    desk.get_by_role("button", name="Enter the file").click()
    expect(desk.get_by_role("row").filter(has_text="“libor” is none of")).to_contain_text("3")
    clerk.look("a file of rates that is wrong")
    desk.get_by_label("A file of rates").set_input_files(RATES)
    desk.get_by_role("button", name="Enter the file").click()
    expect(desk.get_by_text("known already")).to_be_visible()
    expect(desk.get_by_text("Deutsche Bundesbank: Basiszinssatz nach § 247 BGB").first).to_be_visible()
    clerk.look("reference rates that were entered")


def test_insolvency_holds_new_credit_is_lifted_and_held_again(house: House, visit: OpenBrowser, email: str) -> None:
    clerk, debt = visit(), house.customer(email=email)
    come_to_work(clerk, house.officer(Role.MANAGER, email.replace("@", ".office@")))
    with house.wired.database.reading() as session:
        until_on = today(session) + timedelta(days=7)
    desk, account = clerk.page, f"{house.office}/accounts/{debt.account_id}"

    desk.goto(f"{account}/stops")
    desk.get_by_role("link", name="Is the customer insolvent?").click()
    desk.get_by_role("link", name="The customer is insolvent").click()
    clerk.look("opening an insolvency")
    desk.get_by_label("What sort of proceeding").select_option("administration")
    desk.get_by_label("First day").fill((until_on - timedelta(days=7)).isoformat())
    desk.get_by_label("Who runs it").fill("Mair & Co")
    desk.get_by_role("button", name="Open it and stop everything").click()
    expect(desk.get_by_text("Claim to be filed")).to_be_visible()
    clerk.look("an insolvency")
    desk.goto(f"{account}/credit-limit")
    expect(desk.get_by_text("New credit is on hold since")).to_be_visible()
    desk.get_by_label("Let new credit through until").fill(until_on.isoformat())
    desk.get_by_label("Why it is lifted").fill("The administrator pays in advance")
    desk.get_by_role("button", name="Lift the hold").click()
    expect(desk.get_by_text("The administrator pays in advance").first).to_be_visible()
    clerk.look("a lifted hold")
    desk.get_by_label("Why it is no longer lifted").fill("No longer in advance")
    desk.get_by_role("button", name="End the lifting").click()
    expect(desk.get_by_text("New credit is on hold since")).to_be_visible()
    expect(desk.get_by_text("No longer in advance")).to_be_visible()
    clerk.look("a hold that was lifted")
    desk.goto(f"{house.office}/credit-holds")
    clerk.look("credit holds")
