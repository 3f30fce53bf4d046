"""Changing: the one place where a refund's state moves, along the arrows of its table and with a row for each move."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.refunds.model import TRANSITIONS, Refund, RefundChange, RefundStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now


def change(session: Session, refund: Refund, status: RefundStatus, *, actor: Actor, why: str | None = None) -> bool:
    """Move the refund to `status` if an arrow leads there; whether it moved. Late news never moves it back."""
    if status not in TRANSITIONS[refund.status]:
        return False
    before, refund.status = refund.status, status
    note(session, refund, before, actor=actor, why=why)
    return True


def note(
    session: Session, refund: Refund, before: RefundStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Write down that the refund came to its present state."""
    session.add(
        RefundChange(
            refund_id=refund.id,
            before=before,
            after=refund.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
