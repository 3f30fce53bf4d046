"""What every answer carries, whatever it is; which hosts and proxies are believed; what is logged."""

import pytest
from structlog.testing import capture_logs

from tests.support.client import Client
from tests.web.trial_site import trial_site
from web.assets import built
from web.gate import Gate

EVERYWHERE = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing-here", "/health", "/static/nothing", "/number?count=x"])
def test_every_answer_carries_the_headers(stranger: Client, path: str) -> None:
    answer = stranger.get(path)

    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.headers["x-request-id"]) == 10


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing-here", "/health", built().url("css/quittance.css")])
def test_the_head_of_an_answer_comes_without_its_body(stranger: Client, path: str) -> None:
    whole, head = stranger.get(path), stranger.head(path)

    assert head.status == whole.status
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.response.content == b""


def test_a_crash_carries_them_too(client: Client) -> None:
    answer = client.get("/refuses/crash")

    assert answer.status == 500
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE


def test_forms_may_lead_to_the_payment_page_where_settings_say_so() -> None:
    trial = trial_site(form_action_origins=("https://checkout.stripe.com", "https://hooks.stripe.com"))

    with Client(trial.app) as client:
        policy = client.get("/sign-in").headers["content-security-policy"]

    assert policy.endswith("form-action 'self' https://checkout.stripe.com https://hooks.stripe.com")


def test_under_tls_cookies_are_bound_to_the_host_and_browsers_told_to_stay() -> None:
    trial = trial_site("https://portal.test")

    with Client(trial.app) as client:
        page = client.get("/sign-in")

    assert page.headers["set-cookie"].startswith("__Host-portal-csrf=")
    assert "Secure" in page.headers["set-cookie"]
    assert page.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


def test_under_tls_a_cookie_for_one_path_is_bound_to_tls_since_browsers_allow_no_path_on_those_of_a_host() -> None:
    gate = trial_site("https://portal.test").app.asgi_handler

    assert isinstance(gate, Gate)
    assert gate.site.cookie_name("link", path="/l") == "__Secure-portal-link"


def test_without_tls_nobody_is_told_to_stay(stranger: Client) -> None:
    page = stranger.get("/sign-in")

    assert "strict-transport-security" not in page.headers
    assert page.headers["set-cookie"].startswith("portal-csrf=")
    assert "Secure" not in page.headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", "portal.test.evil.example", "", "[::1]"])
def test_another_host_is_refused(stranger: Client, host: str) -> None:
    answer = stranger.get("/sign-in", headers={"host": host})

    assert answer.status == 400
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["portal.test", "PORTAL.test:8443", "[::1]:80"])
def test_our_hosts_are_served_on_any_port(host: str) -> None:
    trial = trial_site(allowed_hosts=("::1",))

    with Client(trial.app) as client:
        assert client.get("/sign-in", headers={"host": host}).status == 200


def tries(client: Client, forwarded: str) -> list[int]:
    """Four tries to sign in, of which an address has three."""
    page = client.get("/sign-in")
    token = page.all("input", name="csrf_token")[0].get("value") or ""
    return [
        client.post("/sign-in", data={"csrf_token": token}, headers={"x-forwarded-for": address}).status
        for address in forwarded.split("|")
    ]


def test_a_stranger_cannot_choose_the_address_that_is_counted() -> None:
    with Client(trial_site().app) as client:
        client.cookies.set("portal", "x")
        statuses = tries(client, "198.51.100.1|198.51.100.2|198.51.100.3|198.51.100.4")

    assert statuses[-1] != 303


def test_a_known_proxy_is_believed_but_only_for_its_own_hop() -> None:
    trial = trial_site(trusted_proxies=("testclient", "192.0.2.9"))

    with Client(trial.app) as client:
        page = client.get("/sign-in")
        token = page.all("input", name="csrf_token")[0].get("value") or ""
        client.cookies.delete("portal")

        def one_try(forwarded: str) -> int:
            client.cookies.delete("portal")
            return client.post("/sign-in", data={"csrf_token": token}, headers={"x-forwarded-for": forwarded}).status

        same = [one_try(f"10.0.0.{n}, 198.51.100.1, 192.0.2.9") for n in range(4)]
        other = one_try("198.51.100.1, 198.51.100.2")

    assert same == [303, 303, 303, 429]
    assert other == 303


def test_one_line_is_logged_for_a_request_and_holds_neither_path_nor_query(client: Client) -> None:
    with capture_logs() as lines:
        client.get("/refuses/not-found?token=very-secret")
        client.get("/static/nothing")

    assert [(line["event"], line["route"], line["status"], line["method"]) for line in lines] == [
        ("request", "/refuses/{how}", 404, "GET")
    ]
    assert "very-secret" not in str(lines)
    assert "not-found" not in str(lines)
