"""Paying for several clients in one sitting: one press with a kept card, the processor's page and back to the list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.accounts.queries import lock
from domain.shared.actor import OPERATOR
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_paying import GOOD
from e2e.support.people import come_in, keep_a_card, shows
from tests.support.house import House

PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_accountant_pays_for_two_clients_in_one_sitting(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    first = house.customer("120.00", "30.00", email=email, name="Alder")
    second = house.customer("80.00", email=email.replace("@", ".second@"), name="Birch")
    with house.wired.database.transaction() as session:
        account = lock(session, second.account_id)
        grant(session, account, email=email, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
    visitor = visit(java_script_enabled=script, **(PHONE if script else {}))
    come_in(visitor, first)
    keep_a_card(visitor, first, GOOD)
    page = visitor.page
    page.goto(f"{house.portal}/accounts")
    page.get_by_role("link", name="Pay for several clients").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    visitor.look("several: accounts")
    page.get_by_role("button", name="Go on to the invoices").click()
    for number in (first.numbers[0], second.numbers[0]):
        page.get_by_label(f"Pay {number}").check()
    visitor.look("several: invoices")
    page.get_by_role("button", name="Check it").click()
    visitor.look("several: check")
    page.get_by_role("button", name="Begin to pay").click()

    visitor.look("several: list")
    page.get_by_role("button", name="Pay £120.00 now").click()
    expect(page.get_by_role("heading", name="Next: Birch's company")).to_be_visible()
    listed = page.url.partition("?")[0]
    page.get_by_role("button", name="Go on to your card").click()
    visitor.pay_with(GOOD)
    page.wait_for_url(f"{listed}**")

    shows(visitor, listed, "2 of 2 paid")
    visitor.look("several: done")
    assert house.payments(first.account_id) == [("succeeded", 12000)]
    assert house.payments(second.account_id) == [("succeeded", 8000)]
