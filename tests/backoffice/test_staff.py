"""Who works here: joining, changing, leaving, and one's own profile."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from domain.staff.codes import code_at
from domain.staff.model import Role, StaffMember
from tests.backoffice.conftest import PASSWORD, Office
from tests.support.client import Client, Page

Browser = Callable[[], Client]


def a_colleague(office: Office) -> tuple[Client, str]:
    """An administrator's browser, and the page of a collector."""
    return office.browser(Role.ADMINISTRATOR), f"/staff/{office.person(Role.COLLECTOR)}"


def secret(page: Page) -> str:
    """The second factor that a page shows as an address."""
    return next(word for word in page.words.split() if word.startswith("otpauth:"))


def test_somebody_joins_and_signs_in_with_what_was_shown_once(office: Office, open_browser: Browser) -> None:
    admin = office.browser(Role.ADMINISTRATOR)

    shown = admin.get("/staff").follow("Add somebody").submit("Add them", name="Ana", email="ana@office.example")
    password = shown.words.partition("Password")[2].split()[0]
    code = code_at(parse_qs(urlsplit(secret(shown)).query)["secret"][0], office.clock.now())
    door = open_browser().get("/sign-in")

    assert shown.all("svg", class_="qr")
    assert door.submit("Sign in", email="ana@office.example", password=password, code=code).status == 303


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "email": "a@b.example"}, "name"),
        ({"name": "Ana", "email": "nobody"}, "email"),
        ({"name": "Ana", "email": "administrator@office.example"}, "email"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(office: Office, typed: dict[str, str], field: str) -> None:
    refused = office.browser(Role.ADMINISTRATOR).get("/staff/new").submit("Add them", typed)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_another_role_works_from_the_next_click(office: Office) -> None:
    admin, path = a_colleague(office)
    collector = office.browser(Role.COLLECTOR)

    admin.get(path).submit("Change the role", role="manager")

    assert collector.get("/staff").status == 200


def test_new_secrets_sign_them_out_everywhere(office: Office) -> None:
    admin, path = a_colleague(office)
    collector = office.browser(Role.COLLECTOR)
    before = collector.get("/accounts").status

    shown = admin.get(path).submit("Make a new password")

    assert "Password" in shown.words
    assert (before, collector.get("/accounts").status) == (200, 303)
    assert secret(admin.get(path).submit("Make a new second factor"))


def test_whoever_leaves_is_out_at_once_and_may_come_back(office: Office) -> None:
    admin, path = a_colleague(office)
    collector = office.browser(Role.COLLECTOR)

    admin.get(path).submit("Deactivate")
    gone = collector.get("/accounts").status
    admin.get(path).submit("Let them in again")

    assert gone == 303
    assert office.browser(Role.COLLECTOR).get("/accounts").status == 200


def test_the_last_administrator_stays(office: Office) -> None:
    admin = office.browser(Role.ADMINISTRATOR)
    page = admin.get(f"/staff/{office.person(Role.ADMINISTRATOR)}")

    refused = page.submit("Deactivate")

    assert refused.status == 422
    assert "only administrator" in refused.words


def test_managing_staff_wants_the_code_again_after_a_while(office: Office) -> None:
    path = f"/staff/{office.person(Role.COLLECTOR)}"
    admin = office.browser(Role.ADMINISTRATOR, is_sure=False)
    asked = admin.get(path).submit("Change the role", role="auditor")

    asked.submit("Confirm and go on", confirm_code=office.code(Role.ADMINISTRATOR))

    with office.db.reading() as session:
        role = session.scalar(select(StaffMember.role).where(StaffMember.email == "collector@office.example"))
    assert role is Role.AUDITOR


def test_a_language_is_kept_with_the_person(office: Office, manager: Client) -> None:
    manager.get("/profile").submit("Save", language="es")

    assert manager.get("/accounts").all("html")[0].get("lang") == "es-ES"
    assert office.browser(Role.MANAGER).get("/accounts").all("html")[0].get("lang") == "es-ES"


def test_a_new_password_signs_out_everywhere_and_works(office: Office, manager: Client, open_browser: Browser) -> None:
    new = "seven green lamps swim north"

    changed = manager.get("/profile").submit("Change the password", password=new, again=new)
    door = open_browser().get("/sign-in")

    assert changed.location == "/sign-in"
    assert manager.get("/accounts").status == 303
    assert door.submit("Sign in", email="manager@office.example", password=new, code=office.code()).status == 303


@pytest.mark.parametrize(
    ("password", "again", "field"), [("short", "short", "password"), (PASSWORD, "something else", "again")]
)
def test_a_password_that_cannot_be_is_refused(manager: Client, password: str, again: str, field: str) -> None:
    refused = manager.get("/profile").submit("Change the password", password=password, again=again)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_signing_out_everywhere_ends_every_browser(office: Office, manager: Client) -> None:
    other = office.browser(Role.MANAGER)

    manager.get("/profile").submit("Sign out everywhere")

    assert other.get("/accounts").status == 303
