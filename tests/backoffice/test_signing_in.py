"""Coming in with all three, going out, and proving it again before dangerous acts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.staff.model import Role
from tests.backoffice.conftest import PASSWORD, Office
from tests.support.client import Client, Page

Browser = Callable[[], Client]


def come_in(client: Client, *, email: str, password: str, code: str) -> Page:
    """Fill in the door's form."""
    return client.get("/sign-in").submit("Sign in", email=email, password=password, code=code)


def test_email_password_and_code_together_open_the_door(office: Office, open_browser: Browser) -> None:
    office.person(Role.MANAGER)
    client = open_browser()

    inside = come_in(client, email="Manager@office.example", password=PASSWORD, code=office.code())

    assert "Sign out" in client.follow(inside).words


@pytest.mark.parametrize("wrong", ["email", "password", "code"])
def test_whatever_is_wrong_the_answer_is_the_same(office: Office, open_browser: Browser, wrong: str) -> None:
    office.person(Role.MANAGER)
    given = {"email": "manager@office.example", "password": PASSWORD, "code": office.code()}
    broken = {"email": "nobody@office.example", "password": "wrong wrong wrong", "code": "000000"}

    refused = come_in(open_browser(), **{**given, wrong: broken[wrong]})

    assert refused.status == 422
    assert "That did not match. Check all three" in refused.words
    assert not refused.all("input", name="password")[0].get("value")


def test_a_page_that_was_asked_for_opens_after_signing_in(office: Office, open_browser: Browser) -> None:
    office.person(Role.MANAGER)
    client = open_browser()
    door = client.follow(client.get("/payments?status=failed"))

    inside = door.submit("Sign in", email="manager@office.example", password=PASSWORD, code=office.code())

    assert inside.location == "/payments?status=failed"


def test_after_signing_out_the_session_is_over(office: Office) -> None:
    client = office.browser()
    token = client.cookies["office"]

    client.get("/accounts").submit("Sign out")
    client.cookies.set("office", token)

    assert client.get("/accounts").status == 303


def test_an_idle_session_ends(office: Office) -> None:
    client = office.browser()
    office.clock.advance(minutes=31)

    assert client.get("/accounts").status == 303


def test_too_many_tries_from_one_address_have_to_wait(office: Office, open_browser: Browser) -> None:
    client = open_browser()
    answers = [come_in(client, email="x@y.example", password="z", code="1") for _ in range(21)]

    assert [answer.status for answer in answers] == [422] * 20 + [429]
