"""Fallen discounts: one comes back with its payment, once, and never as money that nobody has paid."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.invoicing import granted_discounts
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import void
from domain.invoicing.model import EarlyDiscount as Granted
from domain.ledger.chart import LedgerAccount
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.applying import move_allocation
from domain.processing.refunds.progress import came_to_nothing
from domain.receivables import withdrawing
from domain.receivables.allocating import standing as standing_allocations
from domain.receivables.model import CreditKind, Invoice
from domain.refunds.model import Refund, RefundStatus
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from tests.support.builders import an_invoice, money
from tests.support.contesting import a_chargeback, balance, credit, owes, reconcile, reinstated, withdrawn
from tests.support.credit import a_cheque
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_minor
from tests.support.policies import a_policy
from tests.support.refunding import Paid, ask, pay

PRICE = money("117.60")
"""Of an invoice of 120 that is paid early."""


def paid_early(db: Database) -> Paid:
    """An invoice of 120 that was paid by card with its discount."""
    with db.transaction() as session:
        a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
    debt = a_debt(db, "120")
    return pay(db, FakeProcessor(), debt, {debt.invoices[0]: PRICE})


def contested(db: Database, state: str, *names: str) -> None:
    """The bank took the payment, gave it back, took it again, as far as there are names for that."""
    with db.reading() as session:
        at = now(session)
    moved = [(reinstated if place % 2 else withdrawn)(PRICE, at, name=name) for place, name in enumerate(names)]
    reconcile(db, a_chargeback(state, PRICE, at, *moved))


def standing(db: Database, given: Paid) -> list[int]:
    """The discounts on the invoice that stand, in minor units."""
    with db.reading() as session:
        return [each.amount.minor for each in granted_discounts.of_invoice(session, given.debt.invoices[0])]


def test_a_discount_goes_and_comes_back_as_often_as_its_payment_does(db: Database, clock: MovableClock) -> None:
    given = paid_early(db)

    contested(db, "needs_response", "txn_out")
    clock.advance(minutes=1)
    contested(db, "won", "txn_out", "txn_back")
    assert standing(db, given) == [240]
    clock.advance(minutes=1)
    contested(db, "lost", "txn_out", "txn_back", "txn_gone")

    assert standing(db, given) == []
    assert owes(db, given.account_id) == money("120")
    assert balance(db, LedgerAccount.DISCOUNTS_ALLOWED) == money("0")


def test_an_invoice_that_was_credited_meanwhile_leaves_no_discount_to_refund(db: Database) -> None:
    given = paid_early(db)
    contested(db, "needs_response", "txn_out")
    with db.transaction() as session:
        account, invoice = session.get_one(Account, given.account_id), session.get_one(Invoice, given.debt.invoices[0])
        issue_credit_note(session, account, invoice, money("120"), reason="Came broken", actor=OPERATOR)

    contested(db, "won", "txn_out", "txn_back")

    assert credit(db, given.account_id) == PRICE
    assert standing(db, given) == []


@pytest.mark.parametrize(("credited", "left", "owed"), [("60", 120, "-58.80"), ("120", 0, "-117.60")])
def test_what_was_credited_of_it_before_stays_off_a_discount_that_comes_back(
    db: Database, credited: str, left: int, owed: str
) -> None:
    given = paid_early(db)
    with db.transaction() as session:
        account, invoice = session.get_one(Account, given.account_id), session.get_one(Invoice, given.debt.invoices[0])
        issue_credit_note(session, account, invoice, money(credited), reason="Came broken", actor=OPERATOR)

    contested(db, "needs_response", "txn_out")
    assert standing(db, given) == []
    contested(db, "won", "txn_out", "txn_back")

    assert standing(db, given) == ([left] if left else [])
    assert owes(db, given.account_id) == money(owed)


def test_an_invoice_that_was_withdrawn_meanwhile_leaves_no_discount_to_refund(db: Database) -> None:
    given = paid_early(db)
    contested(db, "needs_response", "txn_out")
    with db.transaction() as session:
        void(session, session.get_one(Invoice, given.debt.invoices[0]), why="Never ordered", actor=OPERATOR)

    contested(db, "won", "txn_out", "txn_back")

    assert credit(db, given.account_id) == PRICE


def test_an_invoice_that_was_paid_early_again_meanwhile_has_one_discount(db: Database) -> None:
    given = paid_early(db)
    contested(db, "needs_response", "txn_out")
    with db.transaction() as session:
        account = session.get_one(Account, given.account_id)
        a_cheque(session, account, "117.60", wanted={given.debt.invoices[0]: PRICE})

    contested(db, "won", "txn_out", "txn_back")

    assert credit(db, given.account_id) == PRICE
    assert standing(db, given) == [240]


def test_a_discount_comes_back_with_the_last_part_of_its_payment(db: Database) -> None:
    given = paid_early(db)
    refunds = [ask(db, given, "10"), ask(db, given, "20")]

    left = []
    for refund in refunds:
        with db.transaction() as session:
            failed = session.scalars(select(Refund).where(Refund.id == refund.id)).one()
            came_to_nothing(session, failed, RefundStatus.FAILED, why="No such account", actor=OPERATOR)
        left.append(open_minor(db, given.debt.invoices[0]))

    assert left == [2240, 0]
    with db.reading() as session:
        assert session.scalars(select(Granted.amount_minor)).all() == [240]


def test_a_payment_that_was_moved_by_mistake_and_moved_back_has_its_discount_again(db: Database) -> None:
    given = paid_early(db)
    with db.transaction() as session:
        other = an_invoice(session, session.get_one(Account, given.account_id), "500")

    left = []
    for to in (other.id, given.debt.invoices[0]):
        with db.transaction() as session:
            item = withdrawing.item_of(session, CreditKind.PAYMENT, given.public_id)
            (allocation,) = standing_allocations(session, item)
            move_allocation(session, given.account_id, allocation.id, to, reason="Wrong one", actor=OPERATOR)
        left.append((open_minor(db, given.debt.invoices[0]), open_minor(db, other.id)))

    assert left == [(12000, 38240), (0, 50000)]
