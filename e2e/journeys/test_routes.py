"""Which way: staff change figures and see at once what each way brings, with scripts and without, and decide."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.placements.model import PartnerKind
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from tests.support.house import House
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.recovering import came, did, spent


@pytest.mark.parametrize(
    ("script", "width"), [(True, 1280), (True, 390), (False, 1280)], ids=["desk", "phone", "without scripts"]
)
def test_a_way_is_worked_out_and_decided(
    house: House, visit: OpenBrowser, email: str, script: bool, width: int
) -> None:
    clerk = visit(java_script_enabled=script, viewport={"width": width, "height": 844})
    come_to_work(clerk, house.officer(Role.MANAGER, email.replace("@", ".office@")))
    with house.wired.database.transaction() as session:
        account_id = a_late_debt(session, "1200")[0].id
        agency = a_partner(session, name=f"Alder Recovery of {email}")
        a_partner(session, name=f"Pryce & Cole of {email}", kind=PartnerKind.ATTORNEY)
        made = placed(session, a_late_debt(session, "800")[0], agency)
        agency_id = agency.id
        came(session, made, "300")
        spent(session, made, "12.50")
        did(session, made)
    desk = clerk.page

    desk.goto(f"{house.office}/accounts/{account_id}/handoffs")
    desk.get_by_role("link", name="Which way?").click()
    if desk.get_by_label("Agency", exact=True).count():
        desk.get_by_label("Agency", exact=True).select_option(str(agency_id))
    clerk.look("which way")
    desk.get_by_label("Per cent that comes, Hand it to an agency").fill("100")
    desk.get_by_label("Costs, Hand it to an agency").fill("10")
    if not script:
        desk.get_by_role("button", name="Work it out").click()
    expect(desk.locator("#worked")).to_contain_text("£770.00")
    desk.get_by_role("radio", name="Hand it to an agency").check()
    desk.get_by_label("Why").fill("They pay whoever asks in writing.")
    desk.get_by_role("button", name="Decide on it").click()
    expect(desk.get_by_text("They pay whoever asks in writing.")).to_be_visible()
    clerk.look("a way decided on")

    desk.goto(f"{house.office}/reports/handoffs")
    expect(desk.get_by_role("rowheader", name="Together")).to_be_visible()
    clerk.look("handoffs in numbers")
    desk.goto(f"{house.office}/partners/{agency_id}")
    expect(desk.get_by_role("heading", name="What came of it")).to_be_visible()
    clerk.look("what came of a partner's debts")
