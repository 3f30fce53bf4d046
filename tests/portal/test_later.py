"""The hardship door: whoever sees that it will be late finds on one page all that is open to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.accounts.model import Right
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.policies.sections import Extensions, Promises, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client, Page
from tests.support.policies import a_policy

Browser = Callable[[], Client]
EXTENSION, PROMISE, PART, WRONG = "Choose the new date", "Promise a day", "Choose how much", "Tell us what is wrong"


def offered(page: Page) -> set[str]:
    """Which ways the page offers."""
    pressed = {" ".join("".join(each.itertext()).split()) for tag in ("a", "button") for each in page.all(tag)}
    return pressed & {EXTENSION, PROMISE, PART, WRONG}


@pytest.fixture
def generous(portal: Portal) -> None:
    """Customers may set a later day, and promise one."""
    with portal.db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14), promises=Promises(most_days=9)))


@pytest.mark.usefixtures("generous")
def test_before_the_due_day_an_invoice_leads_to_everything_inside_the_fence(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, [invoice] = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/invoices/{invoice}").follow("This one will be late")

    with portal.db.reading() as session:
        due_on = session.get_one(Invoice, invoice).due_on
    assert offered(page) == {EXTENSION, PROMISE, PART, WRONG}
    assert f"Any day up to {due_on + timedelta(days=14):%-d %b %Y}. Up to that day it is not late" in page.words
    assert f"Any day up to {due_on + timedelta(days=9):%-d %b %Y}. The due date stays as it is" in page.words
    assert "Talk to us" in page.words


@pytest.mark.usefixtures("generous")
def test_what_is_late_already_asks_for_more_time(portal: Portal, open_browser: Browser) -> None:
    account_id, [invoice] = portal.account("120.00")
    portal.clock.advance(days=33)
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/invoices/{invoice}").follow("I need more time for this")

    assert offered(page) == {EXTENSION, PROMISE, PART, WRONG}


@pytest.mark.usefixtures("generous")
def test_home_leads_to_all_of_it_and_from_there_to_each(portal: Portal, open_browser: Browser) -> None:
    account_id, [first, second] = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}").follow("I need more time")
    with portal.db.reading() as session:
        numbers = [session.get_one(Invoice, one).number for one in (first, second)]
    one = page.follow(numbers[1])
    promise = page.follow(PROMISE)

    assert "£150.00 is open on 2 invoices." in page.words
    assert offered(page) == {PROMISE, PART}
    assert offered(one) == {EXTENSION, PROMISE, PART, WRONG}
    assert "£30.00" in one.words
    assert [box.get("checked") is not None for box in promise.all("input", name="invoice")] == [True, True]


def test_without_a_fence_there_is_still_something_to_do(portal: Portal, open_browser: Browser) -> None:
    account_id, [invoice] = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/later?invoice={invoice}")

    assert offered(page) == {PART, WRONG}
    assert "Write to" in page.words


@pytest.mark.usefixtures("generous")
def test_what_is_in_dispute_is_neither_paid_nor_contested_again(portal: Portal, open_browser: Browser) -> None:
    account_id, [invoice] = portal.account("120.00")
    with portal.db.transaction() as session:
        raise_dispute(session, account_id, invoice, Complaint(Reason.OTHER, "x"), login_id=None, actor=OPERATOR)
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/later?invoice={invoice}")

    assert offered(page) == {EXTENSION, PROMISE}


@pytest.mark.usefixtures("generous")
def test_what_is_being_paid_is_left_to_that(portal: Portal, open_browser: Browser) -> None:
    account_id, [invoice] = portal.account("120.00")
    maya = sign_in(portal, open_browser())
    maya.get(f"/accounts/{account_id}/pay?invoice={invoice}").submit("Go on to your card")

    page = maya.get(f"/accounts/{account_id}/later?invoice={invoice}")
    shown = maya.get(f"/accounts/{account_id}/invoices/{invoice}")

    assert offered(page) == {WRONG}
    assert "This one will be late" not in shown.words


def test_who_owes_nothing_is_told_so(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account()
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/later")

    assert "Nothing to pay" in page.words
    assert offered(page) == set()


@pytest.mark.usefixtures("generous")
def test_who_may_not_pay_is_not_offered_to(portal: Portal, open_browser: Browser) -> None:
    account_id, [invoice] = portal.account("120.00", rights=frozenset({Right.VIEW, Right.PROMISE}))
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/later?invoice={invoice}")

    assert offered(page) == {EXTENSION, PROMISE}
