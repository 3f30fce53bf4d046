"""Money arrived: what follows from it, in one transaction and always in the same order, whoever brings the news."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.outbox import sending as outbox
from domain.payments import recording
from domain.payments.model import Payment
from domain.payments.recording import Received
from domain.processing.agreements import agreements_follow
from domain.processing.collecting import collection_follows
from domain.processing.discounts import grant_earned
from domain.processing.messages import SendReceipt
from domain.receivables import allocating
from domain.shared.actor import Actor
from domain.statements.agreements import agreements
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def money_arrived(
    session: Session, payment_id: int, received: Received, *, actor: Actor, mail_receipt: bool = True
) -> Payment:
    """Post a payment that succeeded, settle what it was meant for, and set off what follows.

    Safe to repeat: a payment already recorded comes back unchanged. What the named invoices cannot take becomes credit
    and a task: nothing is lost, and nothing refunds by itself. What is being settled for less takes no more than that.
    """
    payment = session.get_one(Payment, payment_id)
    account = accounts.lock(session, payment.account_id)
    session.refresh(payment)
    if payment.recorded_at is not None:
        return payment

    entry = recording.record(session, account, payment, received, actor=actor)
    limits = agreements(session, account.id, account.currency).limits
    item = recording.settle(session, account, payment, limits=limits)
    payment.receipt_number = numbering.take(session, Series.RECEIPT)
    grant_earned(session, account, payment, item, actor=actor)
    if item.unapplied:
        tasks.open_task(
            session,
            TaskKind.SURPLUS,
            subject=("payment", payment.public_id),
            account_id=account.id,
            worth=item.unapplied,
            detail={"receipt": payment.receipt_number},
        )
    audit.record(
        session,
        "payment.recorded",
        actor=actor,
        subject=("payment", payment.id),
        account_id=account.id,
        entry_id=entry.id,
        after={
            "amount": payment.amount,
            "receipt": payment.receipt_number,
            "means": payment.means,
            "credit": item.unapplied,
        },
    )
    collection_follows(session, payment, actor=actor)
    settled = {allocation.invoice_id for allocation in allocating.standing(session, item)}
    agreements_follow(session, account, settled, effective_on=payment.effective_on, actor=actor)
    if mail_receipt:
        outbox.add(session, SendReceipt(payment_id=payment.id), account_id=account.id)
    return payment
