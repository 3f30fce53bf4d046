"""Janitor: which payments hang, so that the worker can end what nobody waits for any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from domain.payments.model import LIVE, AttemptState, Payment, PaymentAttempt, PaymentMethod, PaymentStatus
from domain.shared.db.session import now
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

PATIENCE = timedelta(seconds=60)
"""A request that has not been answered for this long was cut off."""
WORRY = timedelta(hours=1)
"""When we still do not know what became of a request, or of the fee of a payment, somebody should be told or asked."""


REST = timedelta(minutes=10)
"""So long we leave a payment alone that we have just looked at."""


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


def take_silent(session: Session, limit: int = 50) -> list[int]:
    """Payments of which the processor should have told us something by now, those first that we asked about last.

    That is: the page must have closed, or the money has arrived and we were not told how it was booked. Each is marked
    as looked at, so that one that stays silent never keeps the others from their turn.
    """
    silent = or_(
        and_(Payment.status.in_(LIVE), Payment.checkout_expires_at < now(session) - PATIENCE),
        and_(
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.settled_at.is_(None),
            Payment.recorded_at < now(session) - WORRY,
        ),
    )
    rested = or_(Payment.looked_at.is_(None), Payment.looked_at < now(session) - REST)
    chosen = list(
        session.scalars(
            select(Payment.id)
            .where(Payment.method == PaymentMethod.CHECKOUT, Payment.checkout_id.is_not(None), silent, rested)
            .order_by(Payment.looked_at.asc().nulls_first(), Payment.id)
            .limit(limit)
        )
    )
    session.execute(update(Payment).where(Payment.id.in_(chosen)).values(looked_at=now(session)))
    return chosen


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
