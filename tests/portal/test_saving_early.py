"""Paying early: what it saves is said wherever the customer decides, and is what they then pay."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.policies.sections import EarlyDiscount, Sections
from tests.portal.conftest import Portal, sign_in
from tests.portal.test_paying import check, paid
from tests.support.builders import money
from tests.support.client import Client
from tests.support.paying import open_minor
from tests.support.policies import a_policy

Browser = Callable[[], Client]


@pytest.fixture
def two_ten(portal: Portal) -> tuple[int, int]:
    """An account with an invoice of 120 that costs 2 % less within 10 days."""
    with portal.db.transaction() as session:
        a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
    account_id, (invoice_id,) = portal.account("120.00")
    return account_id, invoice_id


def test_the_saving_stands_on_home_on_the_list_and_on_the_invoice(
    portal: Portal, open_browser: Browser, two_ten: tuple[int, int]
) -> None:
    account_id, invoice_id = two_ten
    client = sign_in(portal, open_browser())

    home, listed, shown = (
        client.get(f"/accounts/{account_id}{rest}") for rest in ("", "/invoices", f"/invoices/{invoice_id}")
    )

    assert "Save £2.40 by 26 Mar" in home.words
    assert "Save £2.40 by 26 Mar" in listed.words
    assert "Pay £117.60" in shown.words


def test_who_goes_on_without_changing_anything_pays_less_and_owes_nothing(
    portal: Portal, open_browser: Browser, two_ten: tuple[int, int]
) -> None:
    account_id, invoice_id = two_ten
    client = sign_in(portal, open_browser())

    handed_over = check(client, account_id, invoice_id).submit("Go on to your card")
    paid(portal, handed_over, money("117.60"))

    assert open_minor(portal.db, invoice_id) == 0
    assert "Early-payment discount" in client.get(f"/accounts/{account_id}/invoices/{invoice_id}").words


def test_after_the_tenth_day_all_of_it_is_asked_for(
    portal: Portal, open_browser: Browser, two_ten: tuple[int, int]
) -> None:
    account_id, invoice_id = two_ten
    portal.clock.advance(days=11)
    client = sign_in(portal, open_browser())

    page = check(client, account_id, invoice_id)

    (field,) = page.all("input", name=f"amount-{invoice_id}")
    assert field.get("value") == "120.00"


def test_more_than_is_needed_is_asked_about_and_not_taken(
    portal: Portal, open_browser: Browser, two_ten: tuple[int, int]
) -> None:
    account_id, invoice_id = two_ten
    client = sign_in(portal, open_browser())

    page = check(client, account_id, invoice_id)
    refused = page.submit("Go on to your card", {f"amount-{invoice_id}": "120"})

    assert "With less than that by then you save nothing" in page.words
    assert refused.status == 422
    assert "You need no more than £117.60 for" in refused.words
    assert "you save £2.40" in refused.words
    assert not portal.processor.sessions


def test_a_transfer_is_told_with_what_is_enough_and_until_when(
    portal: Portal, open_browser: Browser, two_ten: tuple[int, int]
) -> None:
    account_id, invoice_id = two_ten
    client = sign_in(portal, open_browser())

    shown = client.get(f"/accounts/{account_id}/invoices/{invoice_id}")
    telling = client.get(f"/accounts/{account_id}/advice", params={"invoice": str(invoice_id)})

    assert "To pay by 26 Mar 2026 £117.60" in shown.words
    assert [field.get("value") for field in telling.all("input", name=f"amount-{invoice_id}")] == ["117.60"]
    assert "you save £2.40" in telling.words
