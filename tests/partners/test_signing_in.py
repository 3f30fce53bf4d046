"""A partner's people come in by link or by code, and only while they may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.placements import ending, enrolling
from domain.placements.people.admitted import WINDING_UP
from domain.placements.people.inviting import end, invite
from domain.shared.actor import OPERATOR
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.partners.conftest import ADDRESS, Partners
from tests.support.audited import acts
from tests.support.client import Client

Browser = Callable[[], Client]


def sign_in(site: Partners, client: Client) -> Client:
    client.get("/sign-in").submit("Send me a link", email=ADDRESS)
    token, _ = site.secrets()
    assert client.get(f"/sign-in/link?token={token}").submit("Sign in").status == 303
    return client


def test_the_link_of_the_email_leads_to_the_debts(site: Partners, open_browser: Browser) -> None:
    site.person()
    client = sign_in(site, open_browser())

    page = client.get("/")

    assert "Debts that we have handed to you" in page.words
    with site.db.reading() as session:
        assert "partner_login.signed_in" in acts(session)


def test_the_code_works_in_the_browser_that_asked(site: Partners, open_browser: Browser) -> None:
    site.person()
    client = open_browser()
    asked = client.get("/sign-in").submit("Send me a link", email=ADDRESS)
    _, code = site.secrets()

    assert client.follow(asked).submit("Sign in", code=code).status == 303
    assert client.get("/").status == 200


def test_whoever_was_taken_away_is_out_at_once_everywhere(site: Partners) -> None:
    login_id = site.person()
    client = site.browser(login_id)
    before = client.get("/").status
    with site.db.transaction() as session:
        end(session, site.partner_id, login_id, actor=OPERATOR)

    assert before == 200
    assert client.get("/").location.startswith("/sign-in")
    assert site.browser(login_id).get("/").status == 303


def test_a_partner_that_was_let_go_signs_in_while_debts_lie_with_it_and_until_the_last_is_wound_up(
    site: Partners,
) -> None:
    account_id, placement_id = site.sent(taken=True)
    login_id = site.person()

    def comes_in() -> bool:
        return site.browser(login_id).get("/").status == 200

    with site.db.transaction() as session:
        enrolling.let_go(session, site.partner_id, why="Slow.", actor=OPERATOR)
    site.clock.advance(days=200)
    with_debts = comes_in()
    with site.db.transaction() as session:
        ending.recall(session, account_id, placement_id, why="We do it.", actor=OPERATOR)
    site.clock.advance(days=WINDING_UP.days)
    winding_up = comes_in()
    site.clock.advance(seconds=1)

    assert (with_debts, winding_up, comes_in()) == (True, True, False)


def test_a_partner_that_never_had_a_debt_is_out_once_it_is_let_go(site: Partners) -> None:
    client = site.browser(site.person())
    with site.db.transaction() as session:
        enrolling.let_go(session, site.partner_id, why="Slow.", actor=OPERATOR)

    assert client.get("/").status == 303


def test_an_address_opens_one_partners_pages_and_is_free_again_afterwards(site: Partners) -> None:
    login_id, other = site.person(), site.another()
    with pytest.raises(Invalid, match="already"), site.db.transaction() as session:
        invite(session, other, email=ADDRESS, name="Gus", actor=OPERATOR)
    with site.db.transaction() as session:
        end(session, site.partner_id, login_id, actor=OPERATOR)
    with pytest.raises(NotFound), site.db.transaction() as session:
        end(session, site.partner_id, login_id, actor=OPERATOR)

    assert site.person(partner_id=other) != login_id


def test_nobody_is_invited_for_a_partner_that_was_let_go(site: Partners) -> None:
    with site.db.transaction() as session:
        enrolling.let_go(session, site.partner_id, why="Slow.", actor=OPERATOR)

    with pytest.raises(Conflict):
        site.person()


def test_the_language_that_one_chooses_is_kept(site: Partners, gus: Client) -> None:
    gus.get("/").submit("Español")

    assert '<html lang="es-ES"' in gus.get("/").response.text


def test_after_signing_out_the_session_is_over(gus: Client) -> None:
    token = gus.cookies["partners"]
    gus.get("/").submit("Sign out")
    gus.cookies.set("partners", token)

    assert gus.get("/").status == 303
