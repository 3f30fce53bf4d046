"""Janitor: which payments hang, so that the worker can end what nobody waits for any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.payments.model import LIVE, AttemptState, Payment, PaymentAttempt
from domain.shared.db.session import now

PATIENCE = timedelta(seconds=60)
"""A request that has not been answered for this long was cut off."""


def hanging_attempts(session: Session, limit: int = 50) -> list[int]:
    """Attempts whose outcome is not known and that nobody is likely to be sending right now."""
    return list(
        session.scalars(
            select(PaymentAttempt.id)
            .where(PaymentAttempt.state != AttemptState.ANSWERED, PaymentAttempt.prepared_at < now(session) - PATIENCE)
            .order_by(PaymentAttempt.prepared_at)
            .limit(limit)
        )
    )


def outlived_checkouts(session: Session, limit: int = 50) -> list[int]:
    """Payments that still wait although the processor's page must have closed: their end was never told to us."""
    return list(
        session.scalars(
            select(Payment.id)
            .where(
                Payment.status.in_(LIVE),
                Payment.checkout_id.is_not(None),
                Payment.checkout_expires_at < now(session) - PATIENCE,
            )
            .order_by(Payment.id)
            .limit(limit)
        )
    )
