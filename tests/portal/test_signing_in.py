"""Coming in by link or by code, and going out."""

from collections.abc import Callable

from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.support.client import Client

Browser = Callable[[], Client]


def test_the_link_of_the_email_leads_to_the_one_account(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    client = sign_in(portal, open_browser())

    home = client.follow(client.get("/"))

    assert home.path == f"/accounts/{account_id}"
    assert "You owe Your business £120.00" in home.words


def test_a_link_is_only_looked_at_by_get_and_used_once_by_post(portal: Portal, open_browser: Browser) -> None:
    portal.account("120.00")
    client = open_browser()
    client.get("/sign-in").submit("Send me a link", email=ADDRESS)
    token, _ = portal.secrets()
    for _ in range(3):
        page = client.get(f"/sign-in/link?token={token}")

    first, second = page.submit("Sign in"), client.get(f"/sign-in/link?token={token}")
    elsewhere = open_browser().get(f"/sign-in/link?token={token}")

    assert first.status == 303
    assert second.location == "/"
    assert elsewhere.status == 410
    assert "This link no longer works" in elsewhere.words


def test_in_another_browser_the_link_asks_for_the_code(portal: Portal, open_browser: Browser) -> None:
    portal.account("120.00")
    asking, other = open_browser(), open_browser()
    asked = asking.get("/sign-in").submit("Send me a link", email=ADDRESS)
    token, code = portal.secrets()

    elsewhere = other.get(f"/sign-in/link?token={token}")
    here = asking.follow(asked).submit("Sign in", code=f"{code[:3]} {code[3:]}")

    assert "another browser" in elsewhere.words
    assert here.status == 303


def test_an_unknown_address_is_answered_like_a_known_one(portal: Portal, open_browser: Browser) -> None:
    portal.account("120.00")
    known = open_browser().get("/sign-in").submit("Send me a link", email=ADDRESS)
    unknown = open_browser().get("/sign-in").submit("Send me a link", email="nobody@nowhere.example")

    assert (known.status, known.location) == (unknown.status, unknown.location)


def test_a_wrong_code_is_refused_beside_its_field_and_kept(portal: Portal, open_browser: Browser) -> None:
    portal.account("120.00")
    client = open_browser()
    page = client.follow(client.get("/sign-in").submit("Send me a link", email=ADDRESS))

    refused = page.submit("Sign in", code="000000x")

    assert refused.status == 422
    assert refused.all("input", name="code")[0].get("value") == "000000x"
    assert refused.all("p", id="code-error")


def test_what_is_no_address_is_refused(open_browser: Browser) -> None:
    refused = open_browser().get("/sign-in").submit("Send me a link", email="maya")

    assert refused.status == 422
    assert refused.all("input", name="email")[0].get("value") == "maya"


def test_a_private_page_asks_for_sign_in_and_comes_back(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    client = open_browser()
    turned_away = client.get(f"/accounts/{account_id}/invoices")
    client.follow(turned_away).submit("Send me a link", email=ADDRESS)
    token, _ = portal.secrets()

    inside = client.get(f"/sign-in/link?token={token}").submit("Sign in")

    assert turned_away.status == 303
    assert inside.location == f"/accounts/{account_id}/invoices"


def test_after_signing_out_the_session_is_over(portal: Portal, open_browser: Browser, maya: Client) -> None:
    home = maya.follow(maya.get("/"))
    token = maya.cookies["portal"]

    home.submit("Sign out")
    maya.cookies.set("portal", token)

    assert maya.get("/accounts").status == 303


def test_an_idle_session_ends(portal: Portal, maya: Client) -> None:
    portal.clock.advance(minutes=61)

    assert maya.get("/accounts").status == 303
