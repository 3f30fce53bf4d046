"""Silence: a customer who was asked, or has got the paper they missed, is reminded once; without a word it closes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.disputes import changing
from domain.disputes.messages import News
from domain.disputes.model import Dispute, DisputeHandling
from domain.disputes.raising import under_lock
from domain.disputes.resolving import resolve
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, now, today


def to_remind(session: Session) -> list[int]:
    """The disputes whose customer has had half of their days and was not reminded yet."""
    waiting = session.execute(
        select(DisputeHandling.dispute_id, DisputeHandling.asked_at, DisputeHandling.silent_on)
        .where(
            DisputeHandling.silent_on.is_not(None),
            DisputeHandling.silent_on >= today(session),
            DisputeHandling.reminded_at.is_(None),
        )
        .order_by(DisputeHandling.dispute_id)
    )
    day, zone = today(session), business(session).time_zone
    return [
        row.dispute_id for row in waiting if (row.silent_on - day) * 2 <= row.silent_on - day_in(row.asked_at, zone)
    ]


def to_close(session: Session) -> list[int]:
    """The disputes whose customer has said nothing through the last of their days."""
    return list(
        session.scalars(
            select(DisputeHandling.dispute_id)
            .where(DisputeHandling.silent_on < today(session))
            .order_by(DisputeHandling.dispute_id)
        )
    )


def remind(session: Session, dispute_id: int) -> bool:
    """Remind the customer that we wait for them; whether that was still to be done."""
    dispute, handling = _waiting(session, dispute_id)
    if handling.silent_on is None or handling.reminded_at is not None:
        return False
    handling.reminded_at = now(session)
    session.flush()
    changing.tell(session, dispute, News.REMINDED)
    return True


def close(session: Session, dispute_id: int, *, actor: Actor) -> bool:
    """End a dispute that its customer has left; whether it was still left."""
    dispute, handling = _waiting(session, dispute_id)
    if handling.silent_on is None or handling.closes_as is None or handling.silent_on >= today(session):
        return False
    resolve(session, dispute, handling.closes_as, answer="", actor=actor)
    return True


def _waiting(session: Session, dispute_id: int) -> tuple[Dispute, DisputeHandling]:
    account_id = session.scalars(select(Dispute.account_id).where(Dispute.id == dispute_id)).one()
    dispute = under_lock(session, account_id, dispute_id)
    return dispute, changing.handling_of(session, dispute)
