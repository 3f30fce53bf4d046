"""Everything is private unless it says otherwise."""

import pytest

from tests.support.client import Client


@pytest.mark.parametrize("path", ["/", "/desk", "/file", "/pay?invoice=7"])
def test_a_stranger_is_led_to_signing_in_and_back(stranger: Client, path: str) -> None:
    answer = stranger.get(path)

    assert answer.status == 303
    assert answer.location == (
        "/sign-in" if path == "/" else f"/sign-in?next={path.replace('?', '%3F').replace('=', '%3D')}"
    )


def test_a_session_that_is_not_known_is_a_strangers(stranger: Client) -> None:
    stranger.cookies.set("portal", "made-up")

    assert stranger.get("/desk").status == 303


def test_htmx_is_told_to_leave_the_page_and_to_come_back_to_it(stranger: Client) -> None:
    answer = stranger.get("/part", headers={"hx-request": "true", "hx-current-url": "http://portal.test/desk?x=1"})

    assert answer.headers["hx-redirect"] == "/sign-in?next=/desk"


def test_a_form_of_a_stranger_is_not_acted_upon_and_leads_back_to_its_page(stranger: Client) -> None:
    answer = stranger.post("/pay", data={"amount": "1"}, headers={"referer": "http://portal.test/pay"})

    assert answer.status == 303
    assert answer.location == "/sign-in?next=/pay"


def test_public_pages_know_who_is_signed_in(client: Client) -> None:
    assert "Sign out" in client.get("/sign-in").words


def test_public_pages_are_open_to_strangers(stranger: Client) -> None:
    page = stranger.get("/sign-in")

    assert page.status == 200
    assert "Sign out" not in page.words


def test_signing_out_takes_the_session_from_the_browser(client: Client) -> None:
    client.get("/").submit("Sign out")

    assert client.get("/").status == 303
