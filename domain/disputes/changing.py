"""Changing: the one place where a dispute's state changes, along its arrows; its end lifts what it held."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.disputes.messages import News, TellDispute
from domain.disputes.model import ARROWS, Dispute, DisputeChange, DisputeStatus, Outcome
from domain.outbox import sending as outbox
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import working
from domain.tasks.model import TaskKind


def note(
    session: Session, dispute: Dispute, before: DisputeStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Keep a change of state: who, when, why."""
    session.add(
        DisputeChange(
            dispute_id=dispute.id,
            before=before,
            after=dispute.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    session.flush()


def move(session: Session, dispute: Dispute, after: DisputeStatus, *, actor: Actor, why: str | None = None) -> None:
    """Go to another state; Conflict where no arrow leads there."""
    before = dispute.status
    if after not in ARROWS[before]:
        raise Conflict(N_("Dispute {number} has ended already."), number=dispute.number)
    dispute.status = after
    note(session, dispute, before, actor=actor, why=why)


def end(
    session: Session,
    dispute: Dispute,
    after: DisputeStatus,
    *,
    actor: Actor,
    outcome: Outcome | None = None,
    why: str | None = None,
) -> None:
    """End a dispute: what it held is chased again, nobody has to look any more, and who raised it is told."""
    if after not in ARROWS[dispute.status]:
        raise Conflict(N_("Dispute {number} has ended already."), number=dispute.number)
    dispute.outcome = outcome
    dispute.ended_at = now(session)
    move(session, dispute, after, actor=actor, why=why)
    stops.lift(session, StopKind.DISPUTE, dispute.source, actor=actor)
    working.settle(session, TaskKind.DISPUTE, subject=("dispute", dispute.id))
    outbox.add(session, TellDispute(dispute_id=dispute.id, news=News.ENDED), account_id=dispute.account_id)
