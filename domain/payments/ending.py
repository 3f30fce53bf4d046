"""Ending: a payment that did not come frees its invoices, and nothing of it is left at the processor."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.outbox import sending as outbox
from domain.payments import changing
from domain.payments.messages import EndIntent, LookUp
from domain.payments.model import AttemptState, Payment, PaymentAttempt, PaymentMethod, PaymentStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now


def fail(session: Session, payment: Payment, words: str, *, actor: Actor) -> bool:
    """The payment did not go through: it says why, its invoices are free; whether that is news. The lock is held."""
    if not changing.change(session, payment, PaymentStatus.FAILED, actor=actor, why=words):
        return False
    payment.failure = words
    changing.release_claims(session, payment)
    if payment.method is not PaymentMethod.CHECKOUT:
        end_soon(session, payment)
    return True


def ended(session: Session, payment: Payment, *, actor: Actor) -> None:
    """The processor confirmed that nothing can come of it any more: the payment is cancelled, its invoices are free."""
    accounts.lock(session, payment.account_id)
    session.refresh(payment)
    if not changing.change(session, payment, PaymentStatus.CANCELED, actor=actor, why="ended before it was paid"):
        return
    changing.release_claims(session, payment)
    session.execute(
        update(PaymentAttempt)
        .where(PaymentAttempt.payment_id == payment.id, PaymentAttempt.state != AttemptState.ANSWERED)
        .values(state=AttemptState.ANSWERED, answered_at=now(session))
    )


def end_soon(session: Session, payment: Payment) -> None:
    """Have what is left of it at the processor ended, where there is something."""
    if payment.intent_id is not None:
        outbox.add(session, EndIntent(payment_id=payment.id), account_id=payment.account_id)


def look_soon(session: Session, payment: Payment) -> None:
    """Have somebody look how it stands: what it brings is posted by the reconciliation alone."""
    outbox.add(session, LookUp(payment_id=payment.id), account_id=payment.account_id)
