"""Pages, parts of pages, and ways on, as plain browsers and htmx ask for them."""

import pytest
from litestar import Response

from tests.support.client import Client
from web.fragments import own_path, trigger


def test_a_plain_request_gets_the_page(client: Client) -> None:
    answer = client.get("/part")

    assert answer.words.startswith("Statement · Northgate Supplies")
    assert answer.headers["vary"] == "HX-Request"


def test_htmx_gets_the_part(client: Client) -> None:
    answer = client.fragment("/part")

    assert answer.words == "The part is here."
    assert answer.headers["vary"] == "HX-Request"


@pytest.mark.parametrize("header", ["hx-boosted", "hx-history-restore-request"])
def test_boosted_and_restoring_requests_get_the_page(client: Client, header: str) -> None:
    answer = client.get("/part", headers={"hx-request": "true", header: "true"})

    assert answer.all("main")


def test_after_a_post_a_plain_browser_is_sent_on(client: Client) -> None:
    answer = client.get("/pay").submit("Pay", invoice="1")

    assert (answer.status, answer.location, answer.headers["hx-trigger"]) == (303, "/", "balance-changed")


def test_events_add_up() -> None:
    response = trigger(trigger(Response(b""), "balance-changed"), "tasks-changed", "saved")

    assert response.headers["hx-trigger"] == "balance-changed, tasks-changed, saved"


@pytest.mark.parametrize("path", ["/", "/accounts/7/invoices?open=1", "/a%2Fb"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        None,
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nb",
        "/\\/e",
        "x",
    ],
)
def test_a_way_that_leads_elsewhere_is_not(path: str | None) -> None:
    assert own_path(path, "/home") == "/home"
