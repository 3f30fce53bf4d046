"""The pages of automatic payment: chosen, checked, agreed to, seen on every page that it concerns, turned off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.accounts import queries as accounts
from domain.accounts.logins import change_rights
from domain.accounts.model import ALL_RIGHTS, Right
from domain.collecting import planning, queries, turning
from domain.collecting.model import StopReason
from domain.shared.actor import OPERATOR
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client
from tests.support.saving import VISA, a_method

TAKEN = "£120.00 will be taken on 15 Apr 2026 from Visa •••• 4242"
"""An invoice of 16 March is due after 30 days."""


@pytest.fixture
def account_id(portal: Portal) -> int:
    return portal.account("120.00")[0]


@pytest.fixture
def maya(portal: Portal, account_id: int) -> int:
    with portal.db.reading() as session:
        return int(accounts.logins_on(session, account_id)[0].id)


@pytest.fixture
def client(portal: Portal, account_id: int, open_browser: Callable[[], Client]) -> Client:
    return sign_in(portal, open_browser())


def plan(portal: Portal, account_id: int) -> None:
    """What the worker does within a minute."""
    with portal.db.transaction() as session:
        planning.plan(session, account_id)


def is_on(portal: Portal, account_id: int) -> bool:
    with portal.db.reading() as session:
        return queries.running(session, account_id) is not None


def test_who_has_kept_nothing_is_led_to_keep_something_first(client: Client, account_id: int) -> None:
    page = client.get(f"/accounts/{account_id}/autopay")

    assert "Save a card or bank account first" in page.words


def test_the_only_card_is_chosen_already_and_of_several_none_is(
    portal: Portal, client: Client, account_id: int, maya: int
) -> None:
    method = a_method(portal.db, account_id, maya, VISA)

    only = client.get(f"/accounts/{account_id}/autopay")
    a_method(portal.db, account_id, maya, replace(VISA, method_ref="pm_2"))
    several = client.get(f"/accounts/{account_id}/autopay")

    assert [choice.get("value") for choice in only.all("input", name="method", checked="")] == [str(method)]
    assert len(several.all("input", name="method")) == 2
    assert several.all("input", name="method", checked="") == []


def test_it_is_chosen_checked_and_turned_on_and_then_seen_where_it_matters(
    portal: Portal, client: Client, account_id: int, maya: int
) -> None:
    method = a_method(portal.db, account_id, maya, VISA)

    check = client.get(f"/accounts/{account_id}/autopay/check?method={method}")
    before = is_on(portal, account_id)
    done = client.follow(check.submit("Agree and turn it on"))
    later = client.get(f"/accounts/{account_id}/autopay")
    plan(portal, account_id)

    assert "at least 3 days before" in check.words
    assert "to be taken on 15 Apr 2026" in check.words
    assert not before
    assert "Automatic payment is on" in done.words
    assert "to be taken on 15 Apr 2026" in done.words
    assert "Nothing is planned" in later.words
    assert is_on(portal, account_id)
    for place in ("", "/ways-to-pay", "/autopay"):
        assert TAKEN in client.get(f"/accounts/{account_id}{place}").words
    with portal.db.reading() as session:
        (coming,) = queries.coming(session, account_id)
    assert TAKEN in client.get(f"/accounts/{account_id}/invoices/{coming.row.invoice_id}").words


def test_sending_the_form_twice_turns_it_on_once(portal: Portal, client: Client, account_id: int, maya: int) -> None:
    method = a_method(portal.db, account_id, maya, VISA)
    check = client.get(f"/accounts/{account_id}/autopay/check?method={method}")

    first, second = check.submit("Agree and turn it on"), check.submit("Agree and turn it on")

    assert (first.status, second.status) == (303, 303)
    with portal.db.reading() as session:
        running = queries.running(session, account_id)
        assert running is not None
        assert running.id == queries.latest(session, account_id).id  # type: ignore[union-attr]


def test_it_is_turned_off_after_a_question_that_says_what_is_not_taken(
    portal: Portal, client: Client, account_id: int, maya: int
) -> None:
    method = a_method(portal.db, account_id, maya, VISA)
    client.get(f"/accounts/{account_id}/autopay/check?method={method}").submit("Agree and turn it on")
    plan(portal, account_id)

    question = client.get(f"/accounts/{account_id}/autopay/off")
    still_on = is_on(portal, account_id)
    off = client.follow(question.submit("Turn it off"))

    assert TAKEN in question.words
    assert still_on
    assert "Automatic payment is off" in off.words
    assert not is_on(portal, account_id)
    assert "will be taken" not in client.get(f"/accounts/{account_id}").words


def test_why_it_has_stopped_by_itself_is_said(portal: Portal, client: Client, account_id: int, maya: int) -> None:
    method = a_method(portal.db, account_id, maya, VISA)
    client.get(f"/accounts/{account_id}/autopay/check?method={method}").submit("Agree and turn it on")
    with portal.db.transaction() as session:
        turning.turn_off(session, account_id, StopReason.FAILURES, actor=OPERATOR)

    page = client.get(f"/accounts/{account_id}/autopay")

    assert "The money could not be taken several times in a row" in page.words


def test_nothing_chosen_is_said_at_its_place(portal: Portal, client: Client, account_id: int, maya: int) -> None:
    a_method(portal.db, account_id, maya, VISA)

    page = client.get(f"/accounts/{account_id}/autopay/check")

    assert page.status == 422
    assert "Choose what it is taken from." in page.words


def test_who_may_pay_but_not_accept_terms_may_turn_it_off_and_not_on(
    portal: Portal, client: Client, account_id: int, maya: int
) -> None:
    method = a_method(portal.db, account_id, maya, VISA)
    client.get(f"/accounts/{account_id}/autopay/check?method={method}").submit("Agree and turn it on")
    with portal.db.transaction() as session:
        change_rights(session, accounts.lock(session, account_id), maya, ALL_RIGHTS - {Right.BIND}, actor=OPERATOR)

    off = client.follow(client.get(f"/accounts/{account_id}/autopay/off").submit("Turn it off"))
    refused = client.get(f"/accounts/{account_id}/autopay/check?method={method}")

    assert "somebody has to be allowed to pay and to accept terms" in off.words
    assert refused.status == 403
