"""Expiring: a request that nobody has decided in time ends by itself, and whoever asked is told."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.approvals import changing
from domain.approvals.model import APPROVALS, ApprovalStatus
from domain.shared.actor import Actor
from domain.shared.db.session import today

AT_ONCE = 200
"""So many expire in one turn; the others in the next."""


def to_expire(session: Session) -> list[int]:
    """The requests whose last day has passed, the oldest first."""
    wanted = select(APPROVALS.c.id).where(
        APPROVALS.c.status == ApprovalStatus.WAITING, APPROVALS.c.valid_until < today(session)
    )
    return list(session.scalars(wanted.order_by(APPROVALS.c.id).limit(AT_ONCE)))


def expire(session: Session, request_id: int, *, actor: Actor) -> bool:
    """End one whose last day has passed; whether it did."""
    request = changing.locked(session, request_id)
    if request.status is not ApprovalStatus.WAITING or request.valid_until >= today(session):
        return False
    changing.end(session, request, ApprovalStatus.EXPIRED, actor=actor)
    return True
