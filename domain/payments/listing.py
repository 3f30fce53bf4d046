"""Listing: payments of all accounts, and all that is known of one, as staff see them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.payments.model import Payment, PaymentAttempt, PaymentChange, PaymentStatus
from domain.payments.queries import SHOWN
from domain.shared.db.rows import AnyRows


def payments(
    session: Session, *, status: PaymentStatus | None = None, before: int | None = None, limit: int = 50
) -> AnyRows:
    """A page of all payments, newest first, in one state if given; `before` is the id of the last one shown."""
    query = select(*SHOWN).where(Payment.voided_at.is_(None))
    if status is not None:
        query = query.where(Payment.status == status)
    if before is not None:
        query = query.where(Payment.id < before)
    return session.execute(query.order_by(Payment.id.desc()).limit(limit)).all()


def attempts(session: Session, payment_id: int) -> AnyRows:
    """Every request to the processor, in order."""
    return session.execute(
        select(
            PaymentAttempt.number,
            PaymentAttempt.state,
            PaymentAttempt.prepared_at,
            PaymentAttempt.sent_at,
            PaymentAttempt.answered_at,
            PaymentAttempt.refusal,
        )
        .where(PaymentAttempt.payment_id == payment_id)
        .order_by(PaymentAttempt.number)
    ).all()


def changes(session: Session, payment_id: int) -> AnyRows:
    """Every change of state: before, after, when, who and why, in order."""
    return session.execute(
        select(
            PaymentChange.before,
            PaymentChange.after,
            PaymentChange.at,
            PaymentChange.actor_kind,
            PaymentChange.actor_id,
            PaymentChange.why,
        )
        .where(PaymentChange.payment_id == payment_id)
        .order_by(PaymentChange.id)
    ).all()
