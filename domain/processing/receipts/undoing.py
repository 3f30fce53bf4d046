"""Undoing receipts: one that was booked by mistake is taken off its account, as if it had never been there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.advices import telling as advices
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.outbox import sending as outbox
from domain.payments import slips
from domain.payments.model import Payment
from domain.processing.messages import SendReceiptVoid
from domain.processing.money_left import take_payment_back
from domain.receivables import credits
from domain.receivables.model import CreditKind, WithdrawalKind
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.tasks import working
from domain.tasks.model import TaskKind

FOUND_AT_BANK = (EntryKind.BANK_RECEIPT, EntryKind.RECEIPT_IDENTIFIED)
"""The entries of receipts that a bank line made."""
GONE = {
    WithdrawalKind.REFUND: N_(
        "Receipt {number} has been refunded since, or is about to be: it can no longer be taken back."
    ),
    WithdrawalKind.MOVED: N_(
        "Credit of receipt {number} has been moved to another account since: it can no longer be taken back."
    ),
}
"""Why a receipt whose money has left the account stays."""


def check_undoing(session: Session, payment: Payment) -> None:
    """Raise Conflict, with the reason, where a receipt can no longer be taken off its account."""
    if payment.voided_at is not None:
        raise Conflict(N_("Receipt {number} has been taken back already."), number=payment.receipt_number)
    if slips.return_of(session, payment.id) is not None:
        raise Conflict(N_("Receipt {number} came back from the bank since."), number=payment.receipt_number)
    for kind in credits.gone_from(session, CreditKind.PAYMENT, payment.public_id, payment.currency):
        raise Conflict(GONE[kind], number=payment.receipt_number)


def undo_receipt(session: Session, payment: Payment, *, why: str, actor: Actor) -> list[Uncovered]:
    """Take a receipt that a bank line made off its account, effective on its own day; which invoices are open again.

    Nothing follows that would follow from a returned cheque: the payer has done nothing. What the payer had announced
    is waited for again, and whoever was sent the receipt is told. Raises what `check_undoing` raises.
    """
    account = accounts.lock(session, payment.account_id)
    session.refresh(payment)
    check_undoing(session, payment)
    source = f"payment:{payment.public_id}"
    made = select(ENTRIES.c.id).where(ENTRIES.c.source == source, ENTRIES.c.kind.in_(FOUND_AT_BANK))
    entry = ledger.reverse(
        session,
        session.execute(made).scalar_one(),
        kind=EntryKind.BOOKING_UNDONE,
        source=source,
        effective_on=payment.effective_on,
    )
    uncovered = take_payment_back(
        session,
        account,
        payment,
        payment.amount,
        kind=WithdrawalKind.MISTAKE,
        source=source,
        effective_on=entry.effective_on,
        actor=actor,
    )
    payment.voided_at = now(session)
    advices.went_again(session, payment.public_id)
    working.settle(session, TaskKind.SURPLUS, subject=("payment", payment.public_id))
    audit.record(
        session,
        "receipt.undone",
        actor=actor,
        subject=("payment", payment.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"amount": payment.amount, "receipt": payment.receipt_number, "why": why},
    )
    outbox.add(session, SendReceiptVoid(payment_id=payment.id), account_id=account.id)
    return uncovered
