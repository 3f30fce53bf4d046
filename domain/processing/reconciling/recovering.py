"""Recovering: a payment that bears our mark and that our books do not know finds its way back to its account.

So it is after an old backup was restored: what customers paid since then is at the processor, and nowhere else.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.payments import changing
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.payments.snapshots import IntentSnapshot
from domain.shared.actor import PROCESSOR
from domain.shared.db.session import business, now
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def recover(session: Session, intent: IntentSnapshot) -> Payment | None:
    """Make the row of a payment of ours that has succeeded and that we have lost; None where it cannot be trusted.

    What it was meant for is lost with it: it settles the oldest due first. It is not trusted where the account it names
    is not there, is kept in another currency, or was opened only after the payment: then the number was given anew.
    """
    charge = intent.charge
    ours = intent.installation == business(session).installation
    if charge is None or not charge.succeeded or not ours or intent.payment_id is None or intent.account_id is None:
        return None
    account = session.get(Account, intent.account_id)
    if account is None or account.currency != charge.amount.currency or account.created_at > charge.occurred_at:
        return None
    accounts.lock(session, account.id)
    known = session.scalars(select(Payment).where(Payment.public_id == intent.payment_id)).one_or_none()
    if known is not None:
        return known
    payment = Payment(
        public_id=intent.payment_id,
        account_id=account.id,
        method=PaymentMethod.CHECKOUT,
        status=PaymentStatus.PENDING,
        currency=charge.amount.currency,
        amount_minor=charge.amount.minor,
        created_at=now(session),
        intent_id=intent.intent_id,
    )
    session.add(payment)
    session.flush()
    changing.note(session, payment, None, actor=PROCESSOR)
    audit.record(
        session,
        "payment.recovered",
        actor=PROCESSOR,
        subject=("payment", payment.id),
        account_id=account.id,
        after={"amount": payment.amount},
    )
    tasks.open_task(
        session,
        TaskKind.PAYMENT_RECOVERED,
        subject=("payment", payment.public_id),
        account_id=account.id,
        worth=payment.amount,
        detail={"processor": intent.intent_id},
    )
    return payment
