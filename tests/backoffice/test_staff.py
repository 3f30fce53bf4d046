"""Who works here: changing, leaving, and one's own profile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from backoffice.browsers import name_of
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.staff.model import Role, StaffMember
from domain.staff.permissions import Permission
from tests.backoffice.conftest import PASSWORD, Office
from tests.support.client import Client
from tests.support.routes import token

Browser = Callable[[], Client]


def a_colleague(office: Office) -> tuple[Client, str]:
    """An administrator's browser, and the page of a collector."""
    return office.browser(Role.ADMINISTRATOR), f"/staff/{office.person(Role.COLLECTOR)}"


def test_another_role_works_from_the_next_click(office: Office) -> None:
    admin, path = a_colleague(office)
    collector = office.browser(Role.COLLECTOR)

    admin.get(path).submit("Change the role", role="manager")

    assert collector.get("/staff").status == 200


def test_signing_somebody_out_ends_all_their_browsers(office: Office) -> None:
    admin, path = a_colleague(office)
    collector = office.browser(Role.COLLECTOR)
    before = collector.get("/accounts").status

    admin.get(path).submit("Sign them out everywhere")

    assert (before, collector.get("/accounts").status) == (200, 303)
    assert "Signed in nowhere." in admin.get(path).words


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


def test_one_browser_or_all_others_can_be_signed_out(office: Office, manager: Client) -> None:
    others = [office.browser(Role.MANAGER) for _ in range(3)]
    page = manager.get("/profile")
    assert page.words.count("A browser this one") == 1

    page.submit("Sign out A browser")
    assert sorted(other.get("/accounts").status for other in others) == [200, 200, 303]
    manager.get("/profile").submit("Sign out all others")

    assert [other.get("/accounts").status for other in others] == [303, 303, 303]
    assert manager.get("/accounts").status == 200


def test_a_colleagues_browser_is_not_ones_own_to_end(office: Office, manager: Client) -> None:
    collector = office.browser(Role.COLLECTOR)
    with office.db.reading() as session:
        [row] = sessions.sessions_of(session, Site.OFFICE, office.person(Role.COLLECTOR))

    refused = manager.post(f"/profile/browsers/{row.id}/end", data={"csrf_token": token(manager)})

    assert refused.status == 404
    assert collector.get("/accounts").status == 200


def test_recovery_codes_are_shown_once_and_open_the_door(
    office: Office, manager: Client, open_browser: Browser
) -> None:
    codes = [str(one.text) for one in manager.get("/profile").submit("Make ten new ones").all("code")]
    door = open_browser().get("/sign-in")

    inside = door.submit("Sign in", email="manager@office.example", password=PASSWORD, code=codes[0])

    assert len(codes) == 10
    assert inside.status == 303
    assert "9 are left." in manager.get("/profile").words


def test_new_recovery_codes_want_the_second_factor_again(office: Office) -> None:
    asked = office.browser(is_sure=False).get("/profile").submit("Make ten new ones")

    shown = asked.submit("Confirm and go on", confirm_code=office.code())

    assert not asked.all("code")
    assert len(shown.all("code")) == 10


def test_everybody_reads_who_may_do_what_and_what_they_may(office: Office) -> None:
    collector = office.browser(Role.COLLECTOR)

    own, table = collector.get("/profile"), collector.get("/permissions")

    assert "Propose to hand a debt to an agency" in own.words
    assert "Invite staff" not in own.words
    assert "Invite staff, change roles, let people go" in table.words
    assert "How far each role may go alone" in table.words
    assert len(table.all("td")) > len(Permission) * len(Role)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko Firefox/140.0", "Firefox on macOS"),
        (None, "A browser"),
    ],
)
def test_a_browser_is_called_what_it_says_it_is(said: str | None, shown: str) -> None:
    assert str(name_of(said)) == shown
