"""A customer who says that an invoice will be late, and sets the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from xml.etree.ElementTree import Element

import pytest

from domain.accounts.model import Right
from domain.policies.sections import Extensions, Sections
from domain.receivables.model import Invoice
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client, Page
from tests.support.policies import a_policy

Browser = Callable[[], Client]
LINK = "This one will be late"
OFFER = "Choose the new date"


def fenced(portal: Portal, open_browser: Browser) -> tuple[Client, str, date]:
    """Maya, the page of her invoice, and its due day; she may set it up to two weeks later."""
    account_id, [invoice] = portal.account("120.00")
    with portal.db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14)))
        due_on = session.get_one(Invoice, invoice).due_on
    return sign_in(portal, open_browser()), f"/accounts/{account_id}/invoices/{invoice}", due_on


def words(day: date) -> str:
    """A day as the portal shows it."""
    return f"{day:%-d %b %Y}"


def facts(page: Page) -> set[tuple[str, str]]:
    """What stands beside each other in lists of facts."""
    pairs = zip(page.all("dt"), page.all("dd"), strict=True)
    return {(_text(name), _text(value)) for name, value in pairs}


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\xa0", " ").split())


def test_the_day_is_chosen_checked_and_set_and_the_invoice_says_so(portal: Portal, open_browser: Browser) -> None:
    maya, path, due_on = fenced(portal, open_browser)
    later = due_on + timedelta(days=10)

    form = maya.get(path).follow(LINK).follow(OFFER)
    check = form.submit("Go on", due_on=later.isoformat())
    invoice = maya.follow(check.submit("Set the new day"))

    assert f"From {words(due_on + timedelta(days=1))} to {words(due_on + timedelta(days=14))}." in form.words
    assert facts(check) >= {("Due until now", words(due_on)), ("New day", words(later))}
    assert facts(invoice) >= {("Due", words(later)), ("Due at first", words(due_on))}
    assert f"Due on {words(later)} instead of {words(due_on)}" in invoice.words
    assert OFFER not in invoice.follow(LINK).words


@pytest.mark.parametrize(
    ("typed", "said"), [(15, "Choose a day from"), (0, "Choose a day from"), (None, "Enter the day on which you will")]
)
def test_a_day_outside_the_fence_is_refused_beside_its_field(
    portal: Portal, open_browser: Browser, typed: int | None, said: str
) -> None:
    maya, path, due_on = fenced(portal, open_browser)

    day = "" if typed is None else (due_on + timedelta(days=typed)).isoformat()
    refused = maya.get(f"{path}/later").submit("Go on", due_on=day)

    assert refused.status == 422
    assert said in refused.words
    assert (refused.all("input", name="due_on")[0].get("value") or "") == day


def test_what_is_no_day_is_refused_with_one_that_would_do(portal: Portal, open_browser: Browser) -> None:
    maya, path, due_on = fenced(portal, open_browser)

    refused = maya.get(f"{path}/later").submit("Go on", due_on="soon")

    assert f"Enter a day, such as {words(due_on + timedelta(days=14))}." in refused.words


def test_a_second_try_is_told_that_it_was_set_later_before(portal: Portal, open_browser: Browser) -> None:
    maya, path, due_on = fenced(portal, open_browser)
    check = maya.get(f"{path}/later").submit("Go on", due_on=(due_on + timedelta(days=3)).isoformat())
    check.submit("Set the new day")

    page = maya.get(f"{path}/later")

    assert "has been set later once already. Write to us, and we find a way." in page.words
    assert "is being paid" not in page.words


def test_the_day_can_be_changed_before_it_is_set(portal: Portal, open_browser: Browser) -> None:
    maya, path, due_on = fenced(portal, open_browser)
    later = (due_on + timedelta(days=10)).isoformat()

    form = maya.get(f"{path}/later").submit("Go on", due_on=later).submit("Change it")

    assert form.all("input", name="due_on")[0].get("value") == later


def test_a_form_sent_twice_sets_it_once(portal: Portal, open_browser: Browser) -> None:
    maya, path, due_on = fenced(portal, open_browser)
    check = maya.get(f"{path}/later").submit("Go on", due_on=(due_on + timedelta(days=3)).isoformat())

    answers = [check.submit("Set the new day").status for _ in range(2)]

    assert answers == [303, 303]


def test_without_a_fence_the_invoice_offers_nothing_and_the_page_says_to_write(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, [invoice] = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/invoices/{invoice}").follow(LINK)
    form = maya.get(f"/accounts/{account_id}/invoices/{invoice}/later")

    assert OFFER not in page.words
    assert "Your terms leave no due date to be set later on this site." in form.words
    assert "Write to us" in form.words
    assert form.all("input", name="due_on") == []


def test_who_may_not_promise_is_not_offered_it(portal: Portal, open_browser: Browser) -> None:
    account_id, [invoice] = portal.account("120.00", rights=frozenset({Right.VIEW, Right.PAY}))
    with portal.db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14)))
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/invoices/{invoice}")

    assert LINK not in page.words
