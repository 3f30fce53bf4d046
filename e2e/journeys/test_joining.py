"""Joining the back office: from the invitation's mail to a password, a phone, recovery codes, and a passkey."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from domain.staff.codes import code_at
from domain.staff.model import Role, StaffMember
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from tests.support.house import PASSWORD, House

NEW = "seven green lamps swim north"
JOIN = re.compile(r"http://\S+/join\?token=\S+")
PHONE = {"width": 390, "height": 844}
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def boss(house: House, email: str) -> StaffMember:
    """An administrator, whom nobody else is."""
    return house.officer(Role.ADMINISTRATOR, email.replace("@", ".boss@"))


def a_device(page: Page) -> CDPSession:
    """Give the browser a device that makes passkeys and looks at a finger."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return device


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_somebody_is_invited_joins_and_signs_in(
    house: House, visit: OpenBrowser, boss: StaffMember, email: str, viewport: dict[str, int]
) -> None:
    admin, new = visit(viewport=viewport), visit(viewport=viewport)
    come_to_work(admin, boss, sure=True)
    admin.page.goto(f"{house.office}/staff/new")
    admin.look("invite")
    admin.page.get_by_label("Name", exact=True).fill("Eva Lind")
    admin.page.get_by_label("Their work email").fill(email)
    admin.page.get_by_label("Role").select_option("auditor")
    admin.page.get_by_role("button", name="Send the invitation").click()
    expect(admin.page.get_by_role("row", name=email)).to_be_visible()
    admin.look("staff list")

    found = JOIN.search(house.letter(email, "Join the back office").text)
    assert found is not None
    page = new.page
    page.goto(found.group())
    new.look("join")
    page.get_by_role("button", name="Go on").click()
    new.look("join secrets")
    uri = page.get_by_text("otpauth:").inner_text()
    code = code_at(parse_qs(urlsplit(uri).query)["secret"][0], house.clock.now())
    page.get_by_label("Password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.get_by_label("Code from your phone").fill(code)
    page.get_by_role("button", name="Join").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    new.look("join done")
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_label("Your work email").fill(email)
    page.get_by_label("Password").fill(NEW)
    page.get_by_label("Code from your phone").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{house.office}/worklist")
    page.goto(f"{house.office}/profile")
    expect(page.get_by_text("9 are left.")).to_be_visible()
    page.goto(f"{house.office}/permissions")
    new.look("permissions")
    assert "recovery codes was used" in house.letter(email, "A recovery code was used").text


def test_a_passkey_is_made_opens_the_door_and_confirms(house: House, visit: OpenBrowser, boss: StaffMember) -> None:
    visitor = visit()
    page = visitor.page
    a_device(page)
    come_to_work(visitor, boss, sure=True)

    page.goto(f"{house.office}/profile")
    visitor.look("profile")
    page.get_by_role("button", name="Add a passkey").click()
    visitor.look("add a passkey")
    page.get_by_label("Which device or key is it on?").fill("Work laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("link", name="Work laptop")).to_be_visible()
    visitor.look("profile with a passkey")

    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_label("Your work email").fill(boss.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Use a passkey instead of a code").click()
    visitor.look("prove a passkey")
    page.get_by_role("button", name="Go on with a passkey").click()
    page.wait_for_url(f"{house.office}/worklist")

    house.later(minutes=11)
    page.goto(f"{house.office}/profile")
    page.get_by_role("button", name="Make ten new ones").click()
    visitor.look("confirm with a passkey")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    visitor.look("recovery codes")


def test_a_passkey_that_is_given_up_says_so_and_sends_nothing(
    house: House, visit: OpenBrowser, boss: StaffMember
) -> None:
    visitor = visit()
    page = visitor.page
    come_to_work(visitor, boss, sure=True)
    page.goto(f"{house.office}/profile")
    page.get_by_role("button", name="Add a passkey").click()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('given up')); }")

    page.get_by_label("Which device or key is it on?").fill("Work laptop")
    page.get_by_role("button", name="Make the passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("No passkey was made")
