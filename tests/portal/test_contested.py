"""What a customer reads when their bank asks about a payment, takes it back, or lets it stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.accounts.model import Account, Login, Right
from domain.payments.model import PaymentMethod
from domain.processing.receipts.returning import ReturnReason, return_receipt
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.contesting import contest
from tests.support.credit import a_cheque
from tests.support.paying import Debt, start, succeed

Browser = Callable[[], Client]
TAKEN = "Your bank has taken £120.00 of this payment back"


def paid(portal: Portal, rights: frozenset[Right]) -> tuple[int, str]:
    """An account whose invoice of 120 is paid: the account, and the payment's public id."""
    account_id, invoices = portal.account("120.00", rights=rights)
    with portal.db.reading() as session:
        login = session.scalars(select(Login.id)).one()
    debt = Debt(account_id, invoices, login, login)
    started = start(portal.db, portal.processor, debt, {invoices[0]: money("120")})
    succeed(portal.db, started.public_id, money("120"))
    return account_id, started.public_id


@pytest.fixture
def read(portal: Portal, open_browser: Browser) -> Callable[..., Page]:
    """Pays 120, has the bank do these things about it, and reads the payment's page."""

    def reading(*states: str, rights: frozenset[Right] = frozenset(Right)) -> Page:
        account_id, public_id = paid(portal, rights)
        for state in states:
            contest(portal.db, state, "120")
        return sign_in(portal, open_browser()).get(f"/accounts/{account_id}/payments/{public_id}")

    return reading


def test_money_that_the_bank_took_is_told_with_a_way_to_pay_again(read: Callable[..., Page]) -> None:
    page = read("needs_response")

    assert TAKEN in page.words
    assert "while the bank decides, we do not remind you of it" in page.words
    again = page.submit("another way")
    assert again.status == 200
    assert "£120.00" in again.words


def test_whoever_may_only_look_reads_it_without_the_way_to_pay(read: Callable[..., Page]) -> None:
    page = read("needs_response", rights=frozenset({Right.VIEW}))

    assert TAKEN in page.words
    assert page.all("button", **{"class": "button button--quiet"}) == []


def test_money_that_is_gone_for_good_is_to_be_paid_another_way(read: Callable[..., Page]) -> None:
    page = read("needs_response", "lost")

    assert TAKEN in page.words
    assert "Please pay it another way" in page.words


def test_money_that_came_back_is_told_as_settled_again(read: Callable[..., Page]) -> None:
    page = read("needs_response", "won")

    assert "Your bank has let £120.00 stand after all" in page.words
    assert TAKEN not in page.words


def test_a_question_of_the_bank_moves_no_money_and_says_so(read: Callable[..., Page]) -> None:
    page = read("warning_needs_response")

    assert "Your bank is asking us about this payment" in page.words
    assert "No money has moved" in page.words


def test_a_question_that_came_to_nothing_is_not_mentioned(read: Callable[..., Page]) -> None:
    page = read("warning_needs_response", "warning_closed")

    assert "Your bank" not in page.words
    assert "Thank you" in page.words


@pytest.mark.parametrize(
    ("method", "reason", "title"),
    [
        (PaymentMethod.CHEQUE, ReturnReason.BOUNCED, "This cheque of £120.00 came back unpaid"),
        (PaymentMethod.TRANSFER, ReturnReason.RECALLED, "The bank has taken this transfer of £120.00 back"),
        (PaymentMethod.CHEQUE, ReturnReason.MISTAKE, "This payment of £120.00 did not reach us"),
    ],
)
def test_what_came_back_says_so_and_leads_to_paying_again(
    portal: Portal, open_browser: Browser, method: PaymentMethod, reason: ReturnReason, title: str
) -> None:
    account_id, _ = portal.account("120.00")
    with portal.db.transaction() as session:
        payment = a_cheque(session, session.get_one(Account, account_id), "120", method=method)
        return_receipt(session, payment, today(session), reason=reason, actor=OPERATOR)
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/payments/{payment.public_id}")

    assert title in page.words
    assert "is open again" in page.words
    assert "16 Mar 2026," not in page.words
    assert "£120.00" in page.submit("another way").words
