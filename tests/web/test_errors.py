"""What people read when something is refused, missing, too much or broken."""

import pytest
from structlog.testing import capture_logs

from tests.support.client import Client

CASES = {
    "not-found": (404, "We could not find that"),
    "not-allowed": (403, "You may not write this off."),
    "conflict": (422, "Only £5.00 is left, since 2 Nov 2026."),
    "crash": (500, "The money may or may not have moved"),
    "beyond": (404, "We could not find that"),
    "too-long": (500, "The money may or may not have moved"),
}


@pytest.mark.parametrize(("how", "expected"), CASES.items())
def test_an_error_is_a_page_of_its_own(client: Client, how: str, expected: tuple[int, str]) -> None:
    answer = client.get(f"/refuses/{how}")

    assert answer.status == expected[0]
    assert expected[1] in answer.words
    assert f"Reference: {answer.headers['x-request-id']}" in answer.words


@pytest.mark.parametrize(("how", "expected"), CASES.items())
def test_htmx_puts_it_where_the_page_keeps_its_notices(client: Client, how: str, expected: tuple[int, str]) -> None:
    answer = client.fragment(f"/refuses/{how}")

    assert answer.status == expected[0]
    assert expected[1] in answer.words
    assert not answer.all("main")
    assert answer.headers["hx-retarget"] == "#notice"
    assert client.get("/").all("div", id="notice")


def test_who_may_not_is_told_who_may(client: Client) -> None:
    assert "This can be done by: A manager" in client.get("/refuses/not-allowed").words


def test_a_crash_tells_its_secrets_to_the_log_alone(client: Client) -> None:
    with capture_logs() as lines:
        answer = client.get("/refuses/crash")

    assert "12345" not in answer.response.text
    crash = next(line for line in lines if line["event"] == "crash")
    assert str(crash["exc_info"]) == "the secret is 12345"


def test_a_path_that_leads_nowhere_is_not_found(stranger: Client) -> None:
    answer = stranger.get("/accounts/7/nothing")

    assert answer.status == 404
    assert "There is nothing at this address that you may see." in answer.words


def test_what_is_not_found_is_said_once(client: Client) -> None:
    answer = client.get("/refuses/not-found")

    assert "We could not find that." not in answer.words
    assert "There is nothing at this address that you may see." in answer.words


def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(client: Client) -> None:
    answer = client.get("/sign-out")

    assert answer.status == 405
    assert "POST" in answer.headers["allow"]
    assert "find your way from there" in answer.words


def test_a_value_that_cannot_be_read_is_not_a_crash(client: Client) -> None:
    answer = client.get("/number?count=many")

    assert answer.status == 400
    assert "We could not read that" in answer.words


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    answer = client.get("/pay").submit("Pay", reference="x" * 1_100_000)

    assert answer.status == 413
    assert "That was too large" in answer.words


def test_errors_speak_the_persons_language(stranger: Client) -> None:
    answer = stranger.get("/nothing", headers={"accept-language": "es-ES,es"})

    assert answer.all("html", lang="es-ES")
    assert "No lo hemos encontrado" in answer.words


def test_too_many_tries_are_told_when_the_next_is_welcome(stranger: Client) -> None:
    page = stranger.get("/sign-in")
    token = page.all("input", name="csrf_token")[0].get("value") or ""

    answers = []
    for _ in range(4):
        answers.append(stranger.post("/sign-in", data={"csrf_token": token}))
        stranger.cookies.delete("portal")

    assert [answer.status for answer in answers] == [303, 303, 303, 429]
    assert int(answers[-1].headers["retry-after"]) == 300
    assert "Please wait 5 minutes, then try again." in answers[-1].words


def test_what_was_typed_is_kept_to_be_sent_again(stranger: Client) -> None:
    token = stranger.get("/sign-in").all("input", name="csrf_token")[0].get("value") or ""
    typed = {"csrf_token": token, "email": "maya@harbour.example", "words": "Two boxes\ncame wet <b>"}
    for _ in range(3):
        stranger.post("/sign-in", data={"csrf_token": token})
        stranger.cookies.delete("portal")

    refused = stranger.post("/sign-in", data=typed, files={"files": ("box.png", b"a picture")})
    again = refused.submit("Try again")

    assert {each.get("name"): each.get("value") for each in again.all("input", type="hidden")} == {
        each.get("name"): each.get("value") for each in refused.all("input", type="hidden")
    }
    assert refused.all("input", name="words")[0].get("value") == "Two boxes\ncame wet <b>"
    assert refused.all("input", type="file")[0].get("name") == "files"
    assert "What you typed is kept here." in again.words


def test_a_secret_is_on_no_page_a_second_time(stranger: Client) -> None:
    token = stranger.get("/sign-in").all("input", name="csrf_token")[0].get("value") or ""
    for _ in range(3):
        stranger.post("/sign-in", data={"csrf_token": token})
        stranger.cookies.delete("portal")

    refused = stranger.post("/sign-in", data={"csrf_token": token, "email": "maya@harbour.example", "code": "123456"})

    assert refused.status == 429
    assert not refused.all("form")


def test_programs_are_answered_in_json(stranger: Client) -> None:
    answer = stranger.post("/hooks/trial?wrong=1")

    assert answer.status == 422
    assert answer.response.json() == {"error": "refused", "request_id": answer.headers["x-request-id"]}
