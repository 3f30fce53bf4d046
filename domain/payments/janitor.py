"""Janitor: which payments hang, so that the worker can end what nobody waits for any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.payments.model import BALANCE_TRANSACTIONS, LIVE, AttemptState, Payment, PaymentAttempt, PaymentMethod
from domain.shared.db.session import now
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

PATIENCE = timedelta(seconds=60)
"""A request that has not been answered for this long was cut off."""
WORRY = timedelta(hours=1)
"""When we still do not know what became of a request, or of the fee of a payment, somebody should be told or asked."""


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


def unsettled_payments(session: Session, limit: int = 50) -> list[int]:
    """Recorded payments of which the processor has not told us how it booked them, though it must have by now."""
    booked = select(BALANCE_TRANSACTIONS.c.payment_id).where(BALANCE_TRANSACTIONS.c.payment_id == Payment.id)
    return list(
        session.scalars(
            select(Payment.id)
            .where(
                Payment.method == PaymentMethod.CHECKOUT,
                Payment.recorded_at < now(session) - WORRY,
                ~booked.exists(),
            )
            .order_by(Payment.id)
            .limit(limit)
        )
    )


def ask_about_unknown(session: Session) -> None:
    """Open a task for each payment whose request has had an unknown outcome for too long."""
    unknown = (
        select(Payment)
        .join(PaymentAttempt, PaymentAttempt.payment_id == Payment.id)
        .where(PaymentAttempt.state != AttemptState.ANSWERED, PaymentAttempt.prepared_at < now(session) - WORRY)
    )
    for payment in session.scalars(unknown):
        open_task(
            session,
            TaskKind.PAYMENT_UNKNOWN,
            subject=("payment", payment.public_id),
            account_id=payment.account_id,
            worth=payment.amount,
        )
