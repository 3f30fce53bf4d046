"""A site as it is assembled: every macro on its pages, in both languages, and the choice between them."""

import pytest

from tests.support.client import Client
from tests.web.trial_site import Trial


@pytest.mark.parametrize("path", ["/", "/desk"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_macro_makes_strict_html_in_every_language(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": language})

    assert answer.status == 200
    assert len(answer.all("svg")) > 20


def test_the_place_where_one_is_is_marked(client: Client) -> None:
    here = client.get("/").all("a", aria_current="page")

    assert [anchor.get("href") for anchor in here] == ["/", "/"]


def test_staff_see_what_waits(client: Client) -> None:
    assert "Payments12 waiting" in client.get("/desk").words


def test_a_sync_handler_and_another_may_share_a_path(client: Client) -> None:
    assert client.get("/pay").status == 200
    assert client.get("/pay").submit("Pay", invoice="1").status == 303


def test_a_stranger_chooses_a_language_for_this_browser(stranger: Client) -> None:
    answer = stranger.get("/sign-in").submit("Español")

    assert (answer.status, answer.location) == (303, "/sign-in")
    assert stranger.get("/sign-in").all("html", lang="es-ES")


def test_who_is_signed_in_chooses_it_for_good(client: Client, trial: Trial) -> None:
    client.get("/").submit("Español")

    assert trial.maya.language == "es"
    assert client.get("/", headers={"accept-language": "en"}).all("html", lang="es-ES")


def test_a_language_that_we_do_not_speak_changes_nothing(client: Client, trial: Trial) -> None:
    token = client.get("/").all("input", name="csrf_token")[0].get("value") or ""

    answer = client.post("/language", data={"csrf_token": token, "language": "xx", "next": "/"})

    assert answer.status == 422
    assert trial.maya.language is None


def test_choosing_a_language_leads_nowhere_else(client: Client) -> None:
    token = client.get("/").all("input", name="csrf_token")[0].get("value") or ""

    answer = client.post("/language", data={"csrf_token": token, "language": "en", "next": "//evil.example"})

    assert answer.location == "/"
