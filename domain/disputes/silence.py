"""Silence: a customer who was asked, or has got the paper they missed, is reminded once; without a word it closes."""

from __future__ import annotations

from datetime import timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes import changing
from domain.disputes.messages import News
from domain.disputes.model import Dispute, DisputeHandling
from domain.disputes.raising import under_lock
from domain.disputes.resolving import resolve
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import now

EARLIEST = timezone(timedelta(hours=14))
"""Where a day begins first of all the world: nobody has a later one."""
_WAITING = (
    select(DisputeHandling.dispute_id, DisputeHandling.asked_at, DisputeHandling.silent_on, Account.time_zone)
    .join(Dispute, Dispute.id == DisputeHandling.dispute_id)
    .join(Account, Account.id == Dispute.account_id)
    .where(DisputeHandling.silent_on.is_not(None))
    .order_by(DisputeHandling.dispute_id)
)


def to_remind(session: Session) -> list[int]:
    """The disputes whose customer has had half of their days and was not reminded yet."""
    at, found = now(session), []
    for row in session.execute(_WAITING.where(DisputeHandling.reminded_at.is_(None))):
        day, first = day_in(at, row.time_zone), day_in(row.asked_at, row.time_zone)
        if day <= row.silent_on and (row.silent_on - day) * 2 <= row.silent_on - first:
            found.append(row.dispute_id)
    return found


def to_close(session: Session) -> list[int]:
    """The disputes whose customer has said nothing through the last of their days."""
    at = now(session)
    soonest = at.astimezone(EARLIEST).date()
    waiting = session.execute(_WAITING.where(DisputeHandling.silent_on < soonest))
    return [row.dispute_id for row in waiting if row.silent_on < day_in(at, row.time_zone)]


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
    if handling.silent_on is None or handling.closes_as is None:
        return False
    if handling.silent_on >= changing.day_of(session, dispute.account_id):
        return False
    resolve(session, dispute, handling.closes_as, answer="", actor=actor)
    return True


def _waiting(session: Session, dispute_id: int) -> tuple[Dispute, DisputeHandling]:
    account_id = session.scalars(select(Dispute.account_id).where(Dispute.id == dispute_id)).one()
    dispute = under_lock(session, account_id, dispute_id)
    return dispute, changing.handling_of(session, dispute)
