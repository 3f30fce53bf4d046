"""The page behind the link in every message: seen, used and taken back by whoever holds the message."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind, AddressNews
from domain.notices.reach.unsubscribing import token_for
from domain.policies.contacting import Channel
from tests.portal.conftest import SETTINGS, Portal
from tests.support.client import Client

Browser = Callable[[], Client]
MAYA = "maya@harbour.example"
LINK = f"/unsubscribe/{token_for(SETTINGS.secret, Channel.EMAIL, MAYA)}"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def known(portal: Portal) -> AddressKind | None:
    """What is known of Maya's address."""
    with portal.db.reading() as session:
        return addresses.latest(session, Channel.EMAIL, [MAYA]).get(MAYA)


def test_opening_it_changes_nothing(portal: Portal, open_browser: Browser) -> None:
    page = open_browser().get(LINK)
    open_browser().head(LINK)

    assert page.status == 200
    assert MAYA in page.words
    assert "Letters by post" in page.words
    assert known(portal) is None


def test_stopped_by_the_button_and_started_again(portal: Portal, open_browser: Browser) -> None:
    browser = open_browser()

    stopped = browser.follow(browser.get(LINK).submit("Stop these messages"))
    after = known(portal)
    started = browser.follow(stopped.submit("Send me messages again"))

    assert "We no longer send messages to this address" in stopped.words
    assert after is AddressKind.OPTED_OUT
    assert known(portal) is AddressKind.OPTED_IN
    assert "We send messages to this address again" in started.words
    assert "Stop messages to this address?" in browser.get(LINK).words


def test_nobody_goes_back_and_forth_without_end_and_a_stop_always_counts(portal: Portal, open_browser: Browser) -> None:
    browser = open_browser()
    token = browser.get(LINK).all("input", name="csrf_token")[0].get("value")
    form = {"csrf_token": str(token)}

    started = [browser.post(f"{LINK}/{what}", data=form).status for _ in range(11) for what in ("stop", "start")]
    browser.post(f"{LINK}/stop", data=form)

    assert started == [303] * 21 + [429]
    assert known(portal) is AddressKind.OPTED_OUT


def test_stopped_by_the_mail_programs_own_button(portal: Portal, open_browser: Browser) -> None:
    page = open_browser().post(LINK, data=ONE_CLICK, headers={"sec-fetch-site": "cross-site"})
    again = open_browser().post(LINK, data=ONE_CLICK)

    assert (page.status, again.status) == (200, 200)
    with portal.db.reading() as session:
        rows = session.execute(select(AddressNews.kind, AddressNews.how, AddressNews.actor_kind)).all()
    assert [tuple(row) for row in rows] == [(AddressKind.OPTED_OUT, "header", "visitor")]


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Two-Click"}, {"one-click": "List-Unsubscribe"}])
def test_another_post_there_does_nothing(portal: Portal, open_browser: Browser, body: dict[str, str]) -> None:
    assert open_browser().post(LINK, data=body).status == 400
    assert known(portal) is None


def test_the_buttons_want_our_page(portal: Portal, open_browser: Browser) -> None:
    found = [open_browser().post(f"{LINK}/{what}", data=ONE_CLICK).status for what in ("stop", "start")]

    assert found == [403, 403]
    assert known(portal) is None


@pytest.mark.parametrize("token", ["x", "x.y", f"{LINK.rpartition('/')[2]}x", "%00", "%ff.%ff"])
def test_a_link_that_is_not_ours_leads_nowhere(portal: Portal, open_browser: Browser, token: str) -> None:
    browser = open_browser()

    page = browser.get(f"/unsubscribe/{token}")

    assert page.status == 404
    assert "not complete" in page.words
    assert browser.post(f"/unsubscribe/{token}", data=ONE_CLICK).status == 404


def test_a_number_is_called_a_number(portal: Portal, open_browser: Browser) -> None:
    page = open_browser().get(f"/unsubscribe/{token_for(SETTINGS.secret, Channel.SMS, '+441632960000')}")

    assert "Stop text messages to this number?" in page.words
    assert "+441632960000" in page.words
