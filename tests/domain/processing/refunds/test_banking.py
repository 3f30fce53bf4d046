"""Refunds from our own bank: paid by hand, seen at the bank, sent back by the customer's, or never made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import PaymentMethod
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.refunds import banking
from domain.refunds import queries
from domain.refunds.model import Refund, RefundStatus, RefundWay
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.paying import a_debt, open_minor
from tests.support.refunding import COLLEAGUE, MANAGER, Paid, again, ask, paid


def by_transfer(db: Database, amount: str) -> Paid:
    """A debt that was paid by bank transfer."""
    debt = a_debt(db, amount)
    with db.transaction() as session:
        slip = Slip(PaymentMethod.TRANSFER, money(amount), today(session))
        payment = record_receipt(session, debt.account_id, slip, actor=COLLEAGUE)
        return Paid(debt, payment.id, payment.public_id)


def stands(db: Database, ledger_account: LedgerAccount) -> Money:
    """The balance of a ledger account in pounds."""
    with db.reading() as session:
        return balances.balance_of(session, ledger_account, "GBP")


def banked(db: Database, refund: Refund, *, ahead: int = 0) -> None:
    """The bank shows it today, or so many days ahead."""
    with db.transaction() as session:
        on = today(session) + timedelta(days=ahead)
        banking.refund_banked(session, session.get_one(Refund, refund.id), on, actor=MANAGER)


def test_what_came_by_hand_goes_back_from_the_bank_and_waits_for_its_line(db: Database) -> None:
    given = by_transfer(db, "120")

    refund = ask(db, given, "120")
    with db.reading() as session:
        awaited = [row.public_id for row in queries.awaited_at_bank(session, "GBP")]
    banked(db, refund)

    assert (refund.way, refund.status, awaited) == (RefundWay.BANK, RefundStatus.PENDING, [refund.public_id])
    assert again(db, refund).status is RefundStatus.SUCCEEDED
    assert (stands(db, LedgerAccount.BANK), stands(db, LedgerAccount.REFUNDS_IN_TRANSIT)) == (
        money("-120"),
        money("0"),
    )
    with db.reading() as session:
        assert queries.awaited_at_bank(session, "GBP") == []


def test_it_is_seen_at_the_bank_once_and_not_before_it_happened(db: Database) -> None:
    refund = ask(db, by_transfer(db, "120"), "120")

    with pytest.raises(Invalid):
        banked(db, refund, ahead=1)
    banked(db, refund)
    with pytest.raises(Conflict):
        banked(db, refund)

    assert stands(db, LedgerAccount.BANK) == money("-120")


def test_sent_back_by_the_customers_bank_it_is_all_undone(db: Database) -> None:
    given = by_transfer(db, "120")
    refund = ask(db, given, "120")
    banked(db, refund)

    with db.transaction() as session:
        row = session.get_one(Refund, refund.id)
        banking.refund_sent_back(session, row, today(session), why="Account closed", actor=MANAGER)

    assert (again(db, refund).status, again(db, refund).failure) == (RefundStatus.FAILED, "Account closed")
    assert (stands(db, LedgerAccount.BANK), stands(db, LedgerAccount.REFUNDS_IN_TRANSIT)) == (money("0"), money("0"))
    assert open_minor(db, given.debt.invoices[0]) == 0


def test_a_transfer_that_was_never_made_is_cancelled_and_one_that_was_made_is_not(db: Database) -> None:
    given = by_transfer(db, "120")
    first, second = ask(db, given, "50"), ask(db, given, "70")
    banked(db, second)

    with db.transaction() as session:
        banking.cancel(session, session.get_one(Refund, first.id), why="Wrong account", actor=MANAGER)
    with pytest.raises(Conflict), db.transaction() as session:
        banking.cancel(session, session.get_one(Refund, second.id), why="Wrong account", actor=MANAGER)

    assert again(db, first).status is RefundStatus.CANCELED
    assert open_minor(db, given.debt.invoices[0]) == 7000


def test_what_the_processor_sends_is_not_the_banks(db: Database) -> None:
    refund = ask(db, paid(db, "120"), "120")

    with pytest.raises(Conflict):
        banked(db, refund)
