"""Janitor: which payments hang, so that the worker can end what nobody waits for any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from domain.payments.model import (
    BY_PROCESSOR,
    WAITING,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    PaymentStatus,
)
from domain.shared.db.session import now
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

PATIENCE = timedelta(seconds=60)
"""A request that has not been answered for this long was cut off."""
WORRY = timedelta(hours=1)
"""When we still do not know what became of a request, or of the fee of a payment, somebody should be told or asked."""


REST = timedelta(minutes=10)
"""So long we leave a payment alone that we have just looked at."""
LONG_REST = timedelta(hours=12)
"""So long where nothing is expected soon: a bank debit is on its way for days, an automatic payment waits for a try."""


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

    That is: the page must have closed, the money has been on its way or wanted for long, or it has arrived and we were
    not told how it was booked. Each is marked as looked at, so that one that stays silent never keeps the others from
    their turn.
    """
    slow = or_(
        Payment.status == PaymentStatus.PROCESSING,
        and_(Payment.status.in_(WAITING), Payment.checkout_expires_at.is_(None)),
    )
    silent = or_(
        and_(Payment.status.in_(WAITING), Payment.checkout_expires_at < now(session) - PATIENCE),
        and_(slow, func.coalesce(Payment.looked_at, Payment.created_at) < now(session) - LONG_REST),
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
            .where(
                Payment.method.in_(BY_PROCESSOR),
                or_(Payment.checkout_id.is_not(None), Payment.intent_id.is_not(None)),
                silent,
                rested,
            )
            .order_by(Payment.looked_at.asc().nulls_first(), Payment.id)
            .limit(limit)
        )
    )
    session.execute(update(Payment).where(Payment.id.in_(chosen)).values(looked_at=now(session)))
    return chosen


def abandoned(session: Session, payment_id: int) -> str | None:
    """The public id of a payment from a saved method whose payer never answered their bank; None while there is time.

    A page of the processor's closes by itself; a bank's question does not, so that somebody has to end it.
    """
    payment = session.get_one(Payment, payment_id)
    if payment.method is not PaymentMethod.SAVED or payment.status not in WAITING or payment.intent_id is None:
        return None
    expires = payment.checkout_expires_at
    return payment.public_id if expires is not None and expires < now(session) - PATIENCE else None


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
