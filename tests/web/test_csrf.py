"""Forms that did not come from us, for this session, are not acted upon."""

import pytest

from domain.shared.money import Money
from tests.support.client import Client
from tests.web.trial_site import SECRET, Trial
from web.csrf import TokenMaker

TOKENS = TokenMaker("portal", SECRET)


def test_a_token_holds_for_its_session_and_site_alone() -> None:
    token = TOKENS.make("one session")

    assert TOKENS.holds(token, "one session")
    assert not TOKENS.holds(token, "another session")
    assert not TokenMaker("office", SECRET).holds(token, "one session")
    assert not TokenMaker("portal", b"another secret" * 3).holds(token, "one session")


@pytest.mark.parametrize("forged", ["", ".", "a.b", "ü.ü", "a" * 5000])
def test_what_we_did_not_make_never_holds(forged: str) -> None:
    assert not TOKENS.holds(forged, "")
    assert not TOKENS.agrees(forged, forged, "")


def test_a_form_must_repeat_the_cookie() -> None:
    one, other = TOKENS.make("s"), TOKENS.make("s")

    assert TOKENS.agrees(one, one, "s")
    assert not TOKENS.agrees(one, other, "s")


def test_a_form_of_ours_is_acted_upon(client: Client, trial: Trial) -> None:
    answer = client.get("/pay").submit("Pay", invoice="1")

    assert answer.status == 303
    assert trial.till.paid == [(Money(1200, "GBP"), (1,))]


@pytest.mark.parametrize(
    "token", ["", "x", TOKENS.make("mayas-session"), TOKENS.make("")], ids=["none", "short", "mayas", "nobodys"]
)
def test_a_forged_form_is_refused_and_nothing_is_done(client: Client, trial: Trial, token: str) -> None:
    client.get("/pay")

    answer = client.post("/pay", data={"amount": "12.00", "invoice": "1", "csrf_token": token})

    assert answer.status == 403
    assert "Nothing was done with what you sent" in answer.words
    assert trial.till.paid == []


def test_a_form_from_before_signing_in_is_refused(stranger: Client, trial: Trial) -> None:
    before = stranger.get("/sign-in")
    token = before.all("input", name="csrf_token")[0].get("value") or ""
    before.submit("Send me a link")

    answer = stranger.post("/pay", data={"amount": "12.00", "invoice": "1", "csrf_token": token})

    assert answer.status == 403
    assert trial.till.paid == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_the_browser_says_comes_from_elsewhere_is_refused(client: Client, site: str) -> None:
    token = client.get("/pay").all("input", name="csrf_token")[0].get("value") or ""

    answer = client.post("/sign-out", data={"csrf_token": token}, headers={"sec-fetch-site": site})

    assert answer.status == 403


def test_htmx_sends_the_token_in_a_header(client: Client) -> None:
    token = client.get("/pay").all("input", name="csrf_token")[0].get("value") or ""

    answer = client.post("/sign-out", headers={"x-csrf-token": token, "hx-request": "true"})

    assert answer.status == 200
    assert answer.headers["hx-redirect"] == "/sign-in"


def test_the_cookie_is_closed_to_scripts_and_set_once(client: Client) -> None:
    client.cookies.delete("portal-csrf")

    first, second = client.get("/pay"), client.get("/pay")

    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=Lax" in first.headers["set-cookie"]
    assert "set-cookie" not in second.headers


def test_programs_with_credentials_of_their_own_need_no_token(stranger: Client) -> None:
    assert stranger.post("/hooks/trial").status == 200
