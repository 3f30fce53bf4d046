"""An agency signs in, takes a debt on, and works with it: every page right on a desk, on a phone and in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.placements import proposing, sending
from domain.placements.people.inviting import invite
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.visitor import Visitor
from tests.support.house import House
from tests.support.placing import a_late_debt, a_partner, proposed


def hand_over(house: House, email: str) -> tuple[int, int]:
    """Two debts that were sent to a partner of which somebody may sign in; their placements."""
    with house.wired.database.transaction() as session:
        partner = a_partner(session, name=f"Fair Recovery of {email}")
        invite(session, partner.id, email=email, name="Gus Fair", actor=OPERATOR)
        made = []
        for _ in range(2):
            account, _ = a_late_debt(session)
            placement = proposed(session, account, partner)
            proposing.approve(session, account.id, placement.id, role=Role.MANAGER, actor=OPERATOR)
            sending.send(session, account.id, placement.id, actor=OPERATOR)
            made.append(placement.id)
        return made[0], made[1]


def look_everywhere(visitor: Visitor, what: str) -> None:
    """Look at the page as it stands, wide in the light and narrow in the dark."""
    visitor.look(what)
    visitor.page.set_viewport_size({"width": 320, "height": 700})
    visitor.page.emulate_media(color_scheme="dark")
    visitor.look(what)
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    visitor.page.emulate_media(color_scheme="light")


def sign_in(visitor: Visitor, house: House, email: str) -> None:
    """Come in by the link of the mail."""
    page = visitor.page
    page.goto(f"{house.partners}/sign-in")
    look_everywhere(visitor, "partners: sign in")
    page.get_by_label("Your work email").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    look_everywhere(visitor, "partners: code")
    page.goto(house.link(email))
    look_everywhere(visitor, "partners: link")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Debts that we have handed to you")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_an_agency_takes_a_debt_on_and_gives_another_up(
    house: House, visit: OpenBrowser, email: str, script: bool
) -> None:
    taken, refused = hand_over(house, email)
    assert f"{house.partners}/sign-in" in house.letter(email, "Your way to the debts").text
    visitor = visit(java_script_enabled=script)
    page = visitor.page
    sign_in(visitor, house, email)
    look_everywhere(visitor, "partners: list")

    page.goto(f"{house.partners}/placements/{refused}")
    look_everywhere(visitor, "partners: new")
    page.get_by_role("link", name="Refuse it").click()
    page.get_by_role("button", name="Refuse it").click()
    expect(page.get_by_text("Say why.").first).to_be_visible()
    look_everywhere(visitor, "partners: refuse")
    page.get_by_label("Why you do not take it").fill("A client of ours.")
    page.get_by_role("button", name="Refuse it").click()
    expect(page.get_by_text("A client of ours.")).to_be_visible()
    look_everywhere(visitor, "partners: ended")

    page.goto(f"{house.partners}/placements/{taken}")
    page.get_by_role("button", name="Take it on").click()
    expect(page.get_by_text("Yours to collect")).to_be_visible()
    look_everywhere(visitor, "partners: taken")
    page.get_by_role("link", name="Report a payment").click()
    look_everywhere(visitor, "partners: payment")
    page.get_by_label("How much was paid").fill("200")
    page.get_by_label("When you received it").fill(house.clock.now().date().isoformat())
    page.get_by_label("Your reference of the payment").fill("P-1")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("heading", name="What was paid")).to_be_visible()
    look_everywhere(visitor, "partners: paid")
    page.get_by_role("link", name="It went back").click()
    look_everywhere(visitor, "partners: bounce")
    for path in ("give-back", "close", "cost", "evidence"):
        page.goto(f"{house.partners}/placements/{taken}/{path}")
        look_everywhere(visitor, f"partners: {path}")
    for path in ("payments", "remittances"):
        page.goto(f"{house.partners}/{path}")
        look_everywhere(visitor, f"partners: {path}")

    page.goto(f"{house.partners}/placements/{taken}/close")
    page.get_by_label("It cannot be collected").check()
    page.get_by_label("What you have found out").fill("No assets.")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("Cannot be collected").first).to_be_visible()
