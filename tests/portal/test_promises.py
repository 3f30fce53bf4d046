"""Promises in the portal: a day is named, checked, kept to; nothing typed is lost, and nothing is a dead end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.policies.sections import Promises, Sections
from domain.promises.judging import judge
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.shared.actor import WORKER
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client, Page
from tests.support.policies import a_policy

LATER = "This one will be late"


@pytest.fixture
def owed(portal: Portal) -> tuple[int, int]:
    """An account and its invoice of 120, where customers may promise two weeks ahead."""
    account_id, [invoice_id] = portal.account("120.00")
    with portal.db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14, least_percent=50)))
    return account_id, invoice_id


@pytest.fixture
def maya(portal: Portal, owed: tuple[int, int], open_browser: Callable[[], Client]) -> Client:
    """Maya's browser."""
    return sign_in(portal, open_browser())


def in_days(portal: Portal, days: int) -> date:
    """The day in so many days."""
    with portal.db.reading() as session:
        return today(session) + timedelta(days=days)


def form(maya: Client, owed: tuple[int, int]) -> Page:
    """The page that asks for the day, from the invoice."""
    return maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}").follow(LATER).follow("Promise a day")


def kept(portal: Portal) -> list[tuple[PromiseStatus, int, date]]:
    """What was promised: how it stands, how much, by when."""
    with portal.db.reading() as session:
        rows = session.scalars(select(PromiseToPay).order_by(PromiseToPay.id))
        return [(one.status, one.amount_minor, one.promised_on) for one in rows]


def test_a_day_is_named_checked_and_promised(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    day = in_days(portal, 10)

    check = form(maya, owed).submit("Go on", promised_on=day.isoformat(), words="Our customer pays us on the 9th")
    before = kept(portal)
    page = maya.follow(check.submit("Promise it"))
    home = maya.get(f"/accounts/{owed[0]}")
    invoice = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}")

    assert "£120.00" in check.words
    assert before == []
    assert kept(portal) == [(PromiseStatus.OPEN, 12000, day)]
    assert "Your promise" in page.words
    assert "Our customer pays us on the 9th" in page.words
    assert "You promised £120.00 by" in home.words
    assert "You promised £120.00 by" in invoice.words


def test_a_second_press_promises_once(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    check = form(maya, owed).submit("Go on", promised_on=in_days(portal, 3).isoformat())

    first, second = check.submit("Promise it"), check.submit("Promise it")

    assert (first.status, second.status) == (303, 303)
    assert second.location == first.location
    assert len(kept(portal)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"promised_on": ""}, "Enter the day by which you will pay."),
        ({"promised_on": "2020-01-01"}, "Choose a day from"),
        ({"amount": "130"}, "Enter an amount up to £120.00."),
        ({"amount": "59"}, "Promise at least £60.00."),
        ({"amount": "much"}, "Enter an amount"),
    ],
)
def test_what_cannot_be_promised_is_said_beside_the_field_and_nothing_is_lost(
    portal: Portal, maya: Client, owed: tuple[int, int], typed: dict[str, str], said: str
) -> None:
    given = {"promised_on": in_days(portal, 3).isoformat(), "words": "We are short this month"} | typed

    refused = form(maya, owed).submit("Go on", given)

    assert refused.status == 422
    assert said in refused.words
    assert "We are short this month" in refused.words
    assert kept(portal) == []


def test_another_day_takes_the_place_of_the_first(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    first = form(maya, owed).submit("Go on", promised_on=in_days(portal, 3).isoformat()).submit("Promise it")

    again = maya.follow(first).follow("Choose another day")
    later = maya.get(f"/accounts/{owed[0]}/later")
    maya.follow(again.submit("Go on", promised_on=in_days(portal, 5).isoformat()).submit("Promise it"))

    assert [one[0] for one in kept(portal)] == [PromiseStatus.REPLACED, PromiseStatus.OPEN]
    for page in (again, later):
        assert "You have promised to pay by" in page.words


def test_a_promise_that_was_not_kept_leads_on(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    first = form(maya, owed).submit("Go on", promised_on=in_days(portal, 3).isoformat()).submit("Promise it")
    portal.clock.advance(days=5)
    with portal.db.transaction() as session:
        judge(session, owed[0], session.scalars(select(PromiseToPay.id)).one(), actor=WORKER)

    page = sign_in(portal, maya).get(first.location)

    assert kept(portal)[0][0] is PromiseStatus.BROKEN
    assert "Talk to us" in page.words
    assert "£120.00" in page.submit("Pay it now").words
    assert "Promise a day" in page.follow("Choose another day").words


def test_where_nothing_can_be_promised_the_page_says_what_to_do(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}").follow("I need more time")
    form = maya.get(f"/accounts/{account_id}/promises/new")

    assert "Promise a day" not in page.words
    assert "Talk to us" in page.words
    assert "This needs a word between us" in form.words
    assert "Write to us." in form.words


def test_what_was_promised_is_paid_from_its_page(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    page = maya.follow(
        form(maya, owed).submit("Go on", promised_on=in_days(portal, 3).isoformat()).submit("Promise it")
    )

    paying = page.submit("Pay it now")

    assert "£120.00" in paying.words
