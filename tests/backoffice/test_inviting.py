"""Inviting and joining: a mail, a link, a button; secrets that only their owner sees; new ones for who lost them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.staff.codes import code_at
from domain.staff.credentials import inviting
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Client, Page

Browser = Callable[[], Client]
PASSWORD = "seven green lamps swim north"


def link(office: Office) -> str:
    """The address in the mail of the invitation that was made last."""
    with office.db.transaction() as session:
        made = inviting.mint(session, inviting.open_ones(session)[0].id)
    assert made is not None
    return f"/join?token={made.token}"


def phone(office: Office, page: Page) -> str:
    """What the phone shows that has scanned the picture of this page."""
    uri = next(word for word in page.words.split() if word.startswith("otpauth:"))
    return code_at(parse_qs(urlsplit(uri).query)["secret"][0], office.clock.now())


def ask(office: Office, email: str = "ana@office.example") -> Page:
    """An administrator fills in the form."""
    form = office.browser(Role.ADMINISTRATOR).get("/staff").follow("Invite somebody")
    return form.submit("Send the invitation", name="Ana", email=email, role="auditor", language="en")


def test_somebody_joins_with_secrets_that_only_they_saw(office: Office, open_browser: Browser) -> None:
    asked = ask(office)
    client = open_browser()
    secrets = client.get(link(office)).submit("Go on")
    code = phone(office, secrets)

    done = secrets.submit("Join", password=PASSWORD, again=PASSWORD, code=code)
    codes = [str(one.text) for one in done.all("code")]
    inside = client.get("/sign-in").submit("Sign in", email="ana@office.example", password=PASSWORD, code=codes[3])

    assert (asked.location, office.nudges) == ("/staff#invited", [None])
    assert secrets.all("svg", class_="qr")
    assert len(codes) == 10
    assert client.follow(inside).status == 200
    assert "Invitations that wait" not in office.browser(Role.ADMINISTRATOR).get("/staff").words


def test_opening_the_link_uses_nothing_up_and_after_joining_it_is_gone(office: Office, open_browser: Browser) -> None:
    ask(office)
    path, client = link(office), open_browser()
    assert [client.get(path).status for _ in range(3)] == [200] * 3
    secrets = client.get(path).submit("Go on")
    secrets.submit("Join", password=PASSWORD, again=PASSWORD, code=phone(office, secrets))

    assert client.get(path).status == 410
    assert secrets.submit("Join", password=PASSWORD, again=PASSWORD, code="1").status == 410
    assert "no longer works" in client.get("/join?token=nothing").words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "something else"}, "again"),
        ({"code": "000000"}, "code"),
        ({"code": ""}, "code"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_with_the_same_picture(
    office: Office, open_browser: Browser, typed: dict[str, str], field: str
) -> None:
    ask(office)
    secrets = open_browser().get(link(office)).submit("Go on")
    right = {"password": PASSWORD, "again": PASSWORD, "code": phone(office, secrets)}

    refused = secrets.submit("Join", {**right, **typed})

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")
    assert phone(office, refused) == right["code"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "email": "a@b.example"}, "name"),
        ({"name": "Ana", "email": "nobody"}, "email"),
        ({"name": "Ana", "email": "administrator@office.example"}, "email"),
    ],
)
def test_who_cannot_be_asked_is_refused_beside_the_field(office: Office, typed: dict[str, str], field: str) -> None:
    refused = office.browser(Role.ADMINISTRATOR).get("/staff/new").submit("Send the invitation", typed)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_an_invitation_is_sent_again_or_withdrawn(office: Office, open_browser: Browser) -> None:
    ask(office)
    old = link(office)
    admin = office.browser(Role.ADMINISTRATOR)

    admin.get("/staff").submit("Send it again")
    new = link(office)
    assert (open_browser().get(old).status, open_browser().get(new).status) == (410, 200)
    page = admin.get("/staff")
    page.submit("Withdraw")

    assert open_browser().get(new).status == 410
    late = page.submit("Send it again")
    assert late.status == 422
    assert "accepted or withdrawn meanwhile" in late.words


def test_whoever_lost_their_phone_gets_a_link_and_is_out_everywhere_once_it_is_used(
    office: Office, open_browser: Browser
) -> None:
    admin, collector = office.browser(Role.ADMINISTRATOR), office.browser(Role.COLLECTOR)
    path = f"/staff/{office.person(Role.COLLECTOR)}"
    admin.get(path).submit("Send a link for new secrets")
    assert collector.get("/accounts").status == 200

    secrets = open_browser().get(link(office)).submit("Go on")
    done = secrets.submit("Take these from now on", password=PASSWORD, again=PASSWORD, code=phone(office, secrets))

    assert len(done.all("code")) == 10
    assert collector.get("/accounts").status == 303
    again = admin.get(path)
    assert again.submit("Send a link for new secrets").status == 303
    assert again.submit("Send a link for new secrets").status == 422


def test_too_many_tries_from_one_address_have_to_wait(office: Office, open_browser: Browser) -> None:
    ask(office)
    start = open_browser().get(link(office))

    assert [start.submit("Go on").status for _ in range(31)] == [200] * 30 + [429]
