"""Evidence: a customer has everything sealed and takes it; staff do for a third party; anybody can verify both."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.evidence.verifying import verify
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_in, come_to_work, portal
from tests.support.house import House
from tests.support.waiting import until


def taken(page: Page, folder: Path) -> Path:
    """The pack, as it was downloaded from its page."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the pack").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def is_ready(page: Page, *, script: bool) -> bool:
    """Whether it can be downloaded; without script somebody has to ask."""
    again = page.get_by_role("link", name="Look again")
    if not script and again.is_visible():
        again.click()
    return page.get_by_role("link", name="Download the pack").is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_customer_proves_it(house: House, visit: OpenBrowser, email: str, tmp_path: Path, script: bool) -> None:
    debt = house.customer("120.00", "75.00", email=email)
    customer = visit(java_script_enabled=script)
    come_in(customer, debt)

    page = portal(customer, debt)
    page.get_by_role("link", name="Prove it").click()
    customer.look("prove it")
    page.get_by_role("button", name="Make my evidence pack").click()
    until(lambda: is_ready(page, script=script), "the pack")
    customer.look("an evidence pack")
    told = page.get_by_text("SHA-256 of manifest.json", exact=True).locator("xpath=following::span[1]").inner_text()
    with taken(page, tmp_path).open("rb") as content:
        report = verify(content, told_sha256=told)

    assert (report.flaws, report.balance) == ([], "GBP 195.00")


def test_staff_prove_one_invoice(house: House, visit: OpenBrowser, email: str, tmp_path: Path) -> None:
    debt = house.customer("120.00", "75.00", email=email)
    clerk = visit()
    come_to_work(clerk, house.officer(Role.COLLECTOR, email.replace("@", ".office@")))

    page = clerk.page
    page.goto(f"{house.office}/accounts/{debt.account_id}/invoices/{debt.invoices[0]}")
    page.get_by_role("link", name="Make an evidence pack").click()
    clerk.look("ask for an evidence pack")
    page.get_by_role("button", name="Make it").click()
    until(lambda: is_ready(page, script=True), "the pack")
    clerk.look("an evidence pack in the office")
    with taken(page, tmp_path).open("rb") as content:
        assert verify(content).flaws == []
    page.get_by_role("link", name="Evidence packs").click()
    clerk.look("all evidence packs")
    expect(page.get_by_role("row").filter(has_text="Ready").first).to_be_visible()
