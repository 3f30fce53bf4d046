"""What a customer reads when a payment goes back to them, and when it does not arrive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.accounts.model import Login
from domain.payments.snapshots import RefundState
from domain.processing.refunds import banking
from domain.refunds.model import Refund, RefundSource, RefundWay
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.paying import Debt
from tests.support.refunding import MANAGER, Paid, ask, pay, report

Browser = Callable[[], Client]


@pytest.fixture
def given(portal: Portal) -> Paid:
    """An account whose invoice of 120 is paid."""
    account_id, invoices = portal.account("120.00")
    with portal.db.reading() as session:
        login = session.scalars(select(Login.id)).one()
    debt = Debt(account_id, invoices, login, login)
    return pay(portal.db, portal.processor, debt, {invoices[0]: money("120")})


@pytest.fixture
def maya(portal: Portal, given: Paid, open_browser: Browser) -> Client:
    """Maya's browser; she stands on the account that has paid."""
    return sign_in(portal, open_browser())


def receipt(maya: Client, given: Paid) -> Page:
    """The page of the payment."""
    return maya.get(f"/accounts/{given.account_id}/payments/{given.public_id}")


def test_a_refund_is_followed_from_its_preparation_to_the_bank(portal: Portal, given: Paid, maya: Client) -> None:
    refund = ask(portal.db, given, "50")
    prepared = receipt(maya, given)

    report(portal.db, refund, "50")
    sent = receipt(maya, given)

    assert "A refund of £50.00 is being prepared" in prepared.words
    assert "Refunded £50.00 on 16 Mar 2026" in sent.words
    assert "within 5 to 10 days" in sent.words
    assert "Thank you" not in sent.words


def test_one_that_failed_says_where_the_money_is(portal: Portal, given: Paid, maya: Client) -> None:
    refund = ask(portal.db, given, "50")
    report(portal.db, refund, "50")
    report(portal.db, refund, "50", RefundState.FAILED)

    page = receipt(maya, given)

    assert "Your refund of £50.00 could not be paid out" in page.words
    assert "stands on your account with us again" in page.words


def test_one_that_needs_the_customer_says_so(portal: Portal, given: Paid, maya: Client) -> None:
    report(portal.db, ask(portal.db, given, "50"), "50", RefundState.REQUIRES_ACTION)

    assert "Your refund of £50.00 waits for you" in receipt(maya, given).words


def test_what_nobody_approved_or_sent_is_not_promised(portal: Portal, given: Paid, maya: Client) -> None:
    ask(portal.db, given, "120", RefundSource.REVERSAL, role=Role.AUDITOR)

    page = receipt(maya, given)

    assert "being prepared" not in page.words
    assert "Set aside for a refund" in page.words


def test_one_from_the_bank_takes_another_time(portal: Portal, given: Paid, maya: Client) -> None:
    refund = ask(portal.db, given, "50", way=RefundWay.BANK)
    with portal.db.transaction() as session:
        row = session.get_one(Refund, refund.id)
        banking.refund_banked(session, row, today(session), actor=MANAGER)

    assert "within 3 working days" in receipt(maya, given).words


def test_home_and_statement_tell_it(portal: Portal, given: Paid, maya: Client) -> None:
    refund = ask(portal.db, given, "50")
    report(portal.db, refund, "50", RefundState.FAILED)

    pages = [maya.get(f"/accounts/{given.account_id}{part}") for part in ("", "/statement")]

    for page in pages:
        assert "Refund of payment RCT-000001" in page.words
        assert "Refund came back" in page.words


def test_the_list_and_the_receipt_say_that_a_part_went_back(portal: Portal, given: Paid, maya: Client) -> None:
    before = maya.get(f"/accounts/{given.account_id}/payments").words
    refund = ask(portal.db, given, "20")
    on_its_way = maya.get(f"/accounts/{given.account_id}/payments").words
    report(portal.db, refund, "20")

    after = maya.get(f"/accounts/{given.account_id}/payments").words

    assert "Partly refunded" not in before
    assert "Refund on its way" in on_its_way
    assert "Partly refunded, £20.00" in after
    assert "Partly refunded, £20.00" in receipt(maya, given).words
