"""Changing: the one place where a payment's state moves, along the arrows of its table, with a row for each move."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.payments.model import TRANSITIONS, Payment, PaymentChange, PaymentClaim, PaymentStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now


def change(session: Session, payment: Payment, status: PaymentStatus, *, actor: Actor, why: str | None = None) -> bool:
    """Move the payment to `status` if an arrow leads there; whether it moved. Late news never moves it back."""
    if status is payment.status or status not in TRANSITIONS[payment.status]:
        return False
    before, payment.status = payment.status, status
    note(session, payment, before, actor=actor, why=why)
    return True


def note(
    session: Session, payment: Payment, before: PaymentStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Write down that the payment came to its present state."""
    session.add(
        PaymentChange(
            payment_id=payment.id,
            before=before,
            after=payment.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )


def declined(session: Session, payment: Payment, words: str, *, actor: Actor) -> None:
    """The bank said no to a try: keep its words on the payment and on the audit trail; the state is left alone."""
    payment.failure = words
    audit.record(
        session,
        "payment.declined",
        actor=actor,
        subject=("payment", payment.id),
        account_id=payment.account_id,
        after={"amount": payment.amount, "why": words},
    )


def release_claims(session: Session, payment: Payment) -> None:
    """Nobody is paying these invoices by this payment any more."""
    session.execute(
        update(PaymentClaim)
        .where(PaymentClaim.payment_id == payment.id, PaymentClaim.released_at.is_(None))
        .values(released_at=now(session))
    )
