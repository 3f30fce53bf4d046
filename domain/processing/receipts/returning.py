"""Returning receipts: a cheque bounced, a transfer was recalled, or a receipt was recorded by mistake."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.payments import slips
from domain.payments.model import BY_HAND, Payment, PaymentReturn, ReceiptSlip
from domain.processing.money_left import take_payment_back
from domain.receivables.model import WithdrawalKind
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid


class ReturnReason(StrEnum):
    """Why a receipt came back, where staff say so; the bank's own words may stand in its place."""

    BOUNCED = "bounced"
    STOPPED = "stopped"
    RECALLED = "recalled"
    MISTAKE = "mistake"


RETURN_REASONS = {
    ReturnReason.BOUNCED: N_("The bank did not pay it"),
    ReturnReason.STOPPED: N_("The customer stopped it"),
    ReturnReason.RECALLED: N_("The transfer was recalled"),
    ReturnReason.MISTAKE: N_("Recorded by mistake: it was never received"),
}
"""What each reason is called."""


def return_receipt(
    session: Session, payment: Payment, on: date, *, reason: str, actor: Actor, at_bank: bool = False
) -> list[Uncovered]:
    """A cheque bounced, a transfer was recalled, or a receipt was recorded by mistake: all of it is taken back.

    `at_bank` where the bank's own line shows it; else its line is still to come. What it had settled is open again and
    is returned. Conflict for a payment that came otherwise or was returned before, and where what the bank has seen is
    called a mistake.
    """
    account = accounts.lock(session, payment.account_id)
    session.refresh(payment)
    if payment.method not in BY_HAND or payment.recorded_at is None or payment.voided_at is not None:
        raise Conflict(N_("Only cheques, cash and transfers can be returned."))
    if slips.return_of(session, payment.id) is not None:
        raise Conflict(N_("This receipt has been returned already."))
    if not reason.strip():
        raise Invalid(N_("Say why it came back."), field="reason")
    if on > today(session) and not at_bank:
        raise Invalid(N_("Enter the day on which it came back; that cannot be in the future."), field="on")
    slip = session.get_one(ReceiptSlip, payment.id, populate_existing=True)
    if reason == ReturnReason.MISTAKE and slip.banked_on is not None:
        raise Conflict(N_("The bank has this receipt, so it was no mistake: move its credit, or pay it back."))
    return send_back(
        session,
        account,
        payment,
        on,
        reason=reason,
        credited=LedgerAccount.BANK if at_bank else LedgerAccount.RECEIPTS_TO_BANK,
        banked_on=on if at_bank else None,
        actor=actor,
    )


def send_back(
    session: Session,
    account: Account,
    payment: Payment,
    on: date,
    *,
    reason: str,
    credited: LedgerAccount,
    banked_on: date | None,
    actor: Actor,
) -> list[Uncovered]:
    """Take all of a payment of the locked account back that we were told of, against where its money stood.

    Whoever calls has checked that it may be, and was not taken back before. What it had settled is open again.
    """
    assert payment.effective_on is not None
    source = f"return:{payment.public_id}"
    entry = ledger.post(
        session,
        kind=EntryKind.RECEIPT_RETURNED,
        source=source,
        effective_on=max(on, payment.effective_on),
        legs=[
            debit(LedgerAccount.RECEIVABLE, payment.amount, account_id=account.id),
            credit(credited, payment.amount),
        ],
    )
    session.add(
        PaymentReturn(
            payment_id=payment.id,
            returned_on=on,
            reason=reason.strip(),
            recorded_at=now(session),
            banked_on=banked_on,
        )
    )
    uncovered = take_payment_back(
        session,
        account,
        payment,
        payment.amount,
        kind=WithdrawalKind.RETURN,
        source=source,
        effective_on=entry.effective_on,
        actor=actor,
    )
    audit.record(
        session,
        "receipt.returned",
        actor=actor,
        subject=("payment", payment.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"amount": payment.amount, "receipt": payment.receipt_number, "why": reason.strip()},
    )
    return uncovered
