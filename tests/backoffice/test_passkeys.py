"""Passkeys on the pages: added on one's profile, proven at the door and before dangerous acts, removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.backoffice.conftest import PASSWORD, Office, an_office, build_named
from tests.support.client import Client, Page
from tests.support.passkeys import Device

HERE = "http://office.localhost:8001"
"""As `build_named` has it; passkeys need a name, and an IP address is none."""


@pytest.fixture
def named(committed_db: Database, clock: MovableClock) -> Office:
    """The back office under a name."""
    return an_office(committed_db, clock, build_named)


def options(page: Page, kind: str) -> str:
    """What the page has the browser asked with."""
    [form] = page.all("form", data_passkey=kind)
    return str(form.get("data-options"))


def add(office: Office, client: Client, device: Device) -> Page:
    """Add a passkey on one's profile."""
    form = client.get("/profile").submit("Add a passkey")
    return form.submit("Make the passkey", name="Desk key", answer=device.make(options(form, "create")))


def test_a_passkey_is_added_and_opens_the_door_with_the_password(named: Office) -> None:
    device, owner, client = Device(HERE), named.browser(), Client(named.app)
    added = add(named, owner, device)
    ask = client.get("/sign-in").submit(
        "Use a passkey instead", email="manager@office.example", password=PASSWORD, next="/payments"
    )

    inside = ask.submit("Go on with a passkey", answer=device.prove(options(ask, "get")))

    assert added.location == "/profile#passkeys"
    assert "Desk key" in owner.get("/profile").words
    assert inside.location == "/payments"
    assert client.follow(inside).status == 200


def test_a_wrong_password_is_only_found_out_with_the_passkey(named: Office) -> None:
    device, client = Device(HERE), Client(named.app)
    add(named, named.browser(), device)
    ask = client.get("/sign-in").submit(
        "Use a passkey instead", email="manager@office.example", password="wrong wrong wrong"
    )

    refused = ask.submit("Go on with a passkey", answer=device.prove(options(ask, "get")))

    assert ask.status == 200
    assert refused.status == 422
    assert "That did not match" in refused.words


def test_another_browser_cannot_answer_for_this_one(named: Office) -> None:
    device, client, other = Device(HERE), Client(named.app), Client(named.app)
    add(named, named.browser(), device)
    given = {"email": "manager@office.example", "password": PASSWORD}
    ask = client.get("/sign-in").submit("Use a passkey instead", given)
    own = other.get("/sign-in").submit("Use a passkey instead", given)
    [name] = ask.all("input", name="ceremony")

    refused = own.submit(
        "Go on with a passkey", ceremony=str(name.get("value")), answer=device.prove(options(ask, "get"))
    )

    assert refused.status == 422


def test_a_dangerous_act_is_confirmed_with_a_passkey(named: Office) -> None:
    device = Device(HERE)
    add(named, named.browser(Role.ADMINISTRATOR), device)
    admin = named.browser(Role.ADMINISTRATOR, is_sure=False)
    path = f"/staff/{named.person(Role.COLLECTOR)}"
    asked = admin.get(path).submit("Change the role", role="auditor")

    wrong = asked.submit("Confirm with a passkey", confirm_answer="{}")
    right = wrong.submit("Confirm with a passkey", confirm_answer=device.prove(options(wrong, "get")))

    assert wrong.status == 422
    assert right.location == "/staff"
    [role] = admin.get(path).all("option", selected="")
    assert role.get("value") == "auditor"


def test_a_passkey_gets_another_name_and_is_removed(named: Office) -> None:
    owner = named.browser()
    add(named, owner, Device(HERE))

    owner.get("/profile").follow("Desk key").submit("Save the name", name="Old key")
    nameless = owner.get("/profile").follow("Old key").submit("Save the name", name="")
    owner.get("/profile").follow("Old key").submit("Remove this passkey")

    assert nameless.status == 422
    assert "Old key" not in owner.get("/profile").words


def test_adding_one_wants_the_second_factor_first_a_name_and_an_answer(named: Office) -> None:
    asked = named.browser(is_sure=False).get("/profile").submit("Add a passkey")
    form = asked.submit("Confirm and go on", confirm_code=named.code())

    refused = form.submit("Make the passkey", name="")
    wrong = form.submit(
        "Make the passkey", name="Key", answer=Device("https://evil.example").make(options(form, "create"))
    )

    assert "Confirm that it is you" in asked.words
    assert refused.status == 422
    assert len(refused.all("li")) > 1
    assert wrong.status == 422


def test_where_the_site_has_no_name_there_are_no_passkeys(office: Office, open_browser: Callable[[], Client]) -> None:
    door, profile = open_browser().get("/sign-in"), office.browser().get("/profile")

    assert "passkey instead" not in door.words
    assert "this one has none" in profile.words
