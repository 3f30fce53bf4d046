"""Receipts that come back: what they had settled is open again, and what it does to the books."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of, receivable
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit, post
from domain.payments import slips
from domain.payments.model import Payment, PaymentMethod
from domain.processing.receipts.banking import bank_receipt, bank_return
from domain.processing.receipts.returning import ReturnReason, return_receipt
from domain.receivables.ageing import ageing_of
from domain.receivables.model import Invoice, InvoiceKind, WithdrawalKind
from domain.receivables.withdrawing import withdraw
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, item_of, open_of, stands

TODAY = date(2026, 3, 16)


def at(session: Session) -> tuple[str, str]:
    """What stands on *receipts to bank* and on *bank*."""
    places = (LedgerAccount.RECEIPTS_TO_BANK, LedgerAccount.BANK)
    waiting, bank = (str(balance_of(session, place, "GBP").decimal) for place in places)
    return waiting, bank


def refunded(session: Session, payment: Payment, amount: str) -> None:
    """Part of the payment's credit is paid back, as a refund does it."""
    withdraw(session, item_of(session, payment), money(amount), kind=WithdrawalKind.REFUND, source="refund:1")
    post(
        session,
        kind=EntryKind.REFUND,
        source="refund:1",
        effective_on=today(session),
        legs=[
            debit(LedgerAccount.RECEIVABLE, money(amount), account_id=payment.account_id),
            credit(LedgerAccount.PROCESSOR_SUSPENSE, money(amount)),
        ],
    )


def test_a_bounced_cheque_opens_what_it_had_settled(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80")
        payment = a_cheque(session, account, "100")
        bank_receipt(session, payment, TODAY, actor=OPERATOR)
    clock.advance(days=3)
    with db.transaction() as session:
        payment = session.get_one(Payment, payment.id)

        uncovered = return_receipt(session, payment, today(session), reason=ReturnReason.BOUNCED, actor=OPERATOR)

        assert [(part.number, part.amount) for part in uncovered] == [(invoice.number, money("80"))]
        assert (receivable(session, account.id), stands(session, account)) == (money("80"), (money("80"), money("0")))
        assert at(session) == ("-100.00", "100.00")
        assert ageing_of(session, account.id, date(2026, 3, 18)).total == money("-20")
        bank_return(session, payment, today(session), actor=OPERATOR)
        assert at(session) == ("0.00", "0.00")
        with pytest.raises(Conflict):
            bank_return(session, payment, today(session), actor=OPERATOR)
        with pytest.raises(Conflict):
            return_receipt(session, payment, today(session), reason=ReturnReason.BOUNCED, actor=OPERATOR)


def test_a_return_that_the_bank_shows_needs_no_second_line(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        bank_receipt(session, payment, TODAY, actor=OPERATOR)

        return_receipt(session, payment, TODAY, reason="refer to drawer", actor=OPERATOR, at_bank=True)

        assert at(session) == ("0.00", "0.00")
        assert slips.returns_to_bank(session) == []


def test_what_came_back_before_it_was_banked_waits_for_no_line(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")

        return_receipt(session, payment, TODAY, reason=ReturnReason.MISTAKE, actor=OPERATOR)

        assert at(session) == ("0.00", "0.00")
        assert (slips.to_bank(session), slips.returns_to_bank(session)) == ([], [])
        with pytest.raises(Conflict):
            bank_return(session, payment, TODAY, actor=OPERATOR)


def test_what_the_bank_has_was_no_mistake(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        bank_receipt(session, payment, TODAY, actor=OPERATOR)

        with pytest.raises(Conflict, match="no mistake"):
            return_receipt(session, payment, TODAY, reason=ReturnReason.MISTAKE, actor=OPERATOR)


@pytest.mark.parametrize(("reason", "on", "field"), [(" ", TODAY, "reason"), ("bounced", date(2026, 3, 17), "on")])
def test_a_return_has_a_reason_and_a_day_that_has_come(db: Database, reason: str, on: date, field: str) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")

        with pytest.raises(Invalid) as refused:
            return_receipt(session, payment, on, reason=reason, actor=OPERATOR)

        assert refused.value.field == field


def test_a_return_takes_effect_no_earlier_than_what_it_returns(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        payment = a_cheque(session, account, "100")

        return_receipt(session, payment, date(2026, 3, 1), reason=ReturnReason.STOPPED, actor=OPERATOR)

        assert [ageing_of(session, account.id, date(2026, 3, day)).total for day in (10, 16)] == [money("0")] * 2


def test_what_had_been_refunded_before_the_cheque_bounced_is_owed_again(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "70")
        payment = a_cheque(session, account, "100")
    clock.advance(days=2)
    with db.transaction() as session:
        payment = session.get_one(Payment, payment.id)
        refunded(session, payment, "30")
    clock.advance(days=2)
    with db.transaction() as session:
        payment = session.get_one(Payment, payment.id)

        uncovered = return_receipt(session, payment, date(2026, 3, 19), reason=ReturnReason.BOUNCED, actor=OPERATOR)

        debt = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.OWED_AGAIN)).one()
        assert [part.amount for part in uncovered] == [money("70"), money("30")]
        assert (debt.open, debt.issued_on) == (money("30"), date(2026, 3, 19))
        assert open_of(session, invoice) == [money("70")]
        assert receivable(session, account.id) == money("100")
        assert ageing_of(session, account.id, date(2026, 3, 19)).total == money("100")


def test_only_what_came_by_hand_is_returned(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "10")
        payment.method = PaymentMethod.CHECKOUT

        with pytest.raises(Conflict):
            return_receipt(session, payment, TODAY, reason=ReturnReason.BOUNCED, actor=OPERATOR)

        session.rollback()
