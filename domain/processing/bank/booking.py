"""Booking: a line of a bank statement is payments, recorded receipts or a return, once, whoever decides it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.banking.model import PAYER_BANK_ACCOUNTS, BankLine, BookedAs, LineState
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.payments import slips
from domain.payments.model import Payment, PaymentMethod
from domain.processing.bank.lines import day_of, note, settle_task, shown_by_line, source_of, take_line
from domain.processing.receipts import banking, recording, returning
from domain.processing.receipts.recording import Slip
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line that is one account's; `wanted` says for which invoices, else the oldest due first."""

    account_id: int
    amount: Money
    wanted: Mapping[int, Money] | None = None


def book_payments(
    session: Session, line_id: int, parts: Sequence[Part], *, actor: Actor, confidence: str | None = None
) -> list[Payment]:
    """Book money that came in, open or parked, as a payment of each part's account; the parts add up to the line.

    The value date counts as the day of payment. Accounts learn from which bank account they were paid.
    """
    for account_id in sorted({part.account_id for part in parts}):
        accounts.lock(session, account_id)
    line, was = take_line(session, line_id, LineState.BOOKED)
    if line.amount_minor < 0:
        raise Conflict(N_("This line is money that went out."))
    _refuse_other_currency(line, (part.amount for part in parts))
    if not parts or Money.sum((part.amount for part in parts), line.currency) != line.amount:
        raise Invalid(N_("The parts must add up to {amount}."), field="amount", amount=line.amount)
    parked = was is LineState.PARKED
    paid = []
    for part in parts:
        payment = recording.record_receipt(
            session,
            part.account_id,
            Slip(
                PaymentMethod.TRANSFER,
                part.amount,
                day_of(session, line),
                reference=line.text[:140] or line.bank_ref or None,
                wanted=part.wanted,
            ),
            actor=actor,
            debited=LedgerAccount.UNIDENTIFIED_RECEIPTS if parked else LedgerAccount.BANK,
            kind=EntryKind.RECEIPT_IDENTIFIED if parked else EntryKind.BANK_RECEIPT,
        )
        note(session, line, BookedAs.PAYMENT, payment.public_id, part.amount, actor, part.account_id, confidence)
        _learn(session, part.account_id, line.counterparty_account)
        paid.append(payment)
    settle_task(session, line)
    return paid


def book_recorded(
    session: Session, line_id: int, payment_ids: Sequence[int], *, actor: Actor, confidence: str | None = None
) -> None:
    """The line is of receipts that staff had recorded before, one or a whole paying-in slip: nothing is paid twice.

    One that was banked on somebody's word stands in the books already: the line is linked to it, and posts nothing.
    """
    payments = _locked_payments(session, payment_ids)
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    _refuse_other_currency(line, (payment.amount for payment in payments))
    if Money.sum((payment.amount for payment in payments), line.currency) != line.amount:
        raise Invalid(N_("The receipts must add up to {amount}."), field="amount", amount=line.amount)
    for payment in payments:
        banked = _banked_on_word(session, payment)
        booking = note(
            session,
            line,
            BookedAs.RECORDED_RECEIPT,
            payment.public_id,
            payment.amount,
            actor,
            payment.account_id,
            confidence,
        )
        if not banked:
            banking.bank_receipt(session, payment, day_of(session, line), actor=actor, source=source_of(booking))


def book_return(
    session: Session, line_id: int, payment_id: int, *, actor: Actor, confidence: str | None = None
) -> None:
    """The line takes a cheque or transfer back, whether staff had recorded the return before or not."""
    (payment,) = _locked_payments(session, [payment_id])
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    if -line.amount != payment.amount:
        raise Invalid(N_("The receipt was for {amount}."), field="amount", amount=payment.amount)
    if slips.return_of(session, payment.id) is not None:
        banking.bank_return(session, payment, day_of(session, line), actor=actor)
    else:
        reason = line.reason or line.text or "returned by the bank"
        returning.return_receipt(session, payment, day_of(session, line), reason=reason, actor=actor, at_bank=True)
    note(session, line, BookedAs.RETURN, payment.public_id, line.amount, actor, payment.account_id, confidence)


def _refuse_other_currency(line: BankLine, amounts: Iterable[Money]) -> None:
    if any(amount.currency != line.currency for amount in amounts):
        raise Invalid(N_("This line is in {currency}."), field="amount", currency=line.currency)


def _banked_on_word(session: Session, payment: Payment) -> bool:
    """Whether the bank has the receipt without a line that says so. The account is locked."""
    slip = slips.slip_of(session, payment.id)
    lineless = select(Payment.id).where(Payment.id == payment.id, ~shown_by_line())
    return slip is not None and slip.banked_on is not None and session.scalar(lineless) is not None


def _locked_payments(session: Session, payment_ids: Sequence[int]) -> list[Payment]:
    payments = [session.get(Payment, payment_id) for payment_id in sorted(set(payment_ids))]
    if not payments or None in payments:
        raise NotFound
    found = [payment for payment in payments if payment is not None]
    for account_id in sorted({payment.account_id for payment in found}):
        accounts.lock(session, account_id)
    for payment in found:
        session.refresh(payment)
    return found


def _learn(session: Session, account_id: int, bank_account: str) -> None:
    if bank_account:
        row = {"account_id": account_id, "bank_account": bank_account, "learned_at": now(session)}
        unique = ("account_id", "bank_account")
        insert_new(session, PAYER_BANK_ACCOUNTS, unique, [row], returning=unique)
