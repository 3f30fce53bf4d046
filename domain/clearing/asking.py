"""Asking: when the processor was asked whether all adds up, what came of it, and having it asked again now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.clearing.model import TieOutRun
from domain.outbox import sending as outbox
from domain.outbox.sending import Message
from domain.shared.actor import Actor
from domain.shared.db.session import now

PATIENCE = timedelta(hours=1)
"""After that a run that has not ended counts as lost, and another may begin."""


class TieOutNow(Message, frozen=True):
    """Ask the processor now, and compare; repeating it changes nothing."""

    kind: ClassVar[str] = "tie_out_now"
    run_id: int


@dataclass(frozen=True, slots=True)
class LastAsked:
    """Since when the processor is being asked, when it last answered, and when it last did not, if that was later."""

    running_since: datetime | None
    done_at: datetime | None
    unanswered_at: datetime | None


def ask(session: Session, *, actor: Actor) -> int:
    """Have the worker ask the processor now; the run, or the one that is under way."""
    running = _running(session)
    if running is not None:
        return running.id
    run_id = begin(session, actor=actor)
    record(session, "tie_out.asked", actor=actor, subject=("tie_out_run", run_id))
    outbox.add(session, TieOutNow(run_id))
    return run_id


def begin(session: Session, *, actor: Actor) -> int:
    """Write down that the processor is being asked; the run's id."""
    run = TieOutRun(asked_at=now(session), actor_kind=actor.kind.value, actor_id=actor.id)
    session.add(run)
    session.flush()
    return run.id


def end(session: Session, run_id: int, *, answered: bool) -> None:
    """Write down that a run is over: compared, or without an answer. The first end stands."""
    run = session.get_one(TieOutRun, run_id, with_for_update=True, populate_existing=True)
    if run.ended_at is None:
        run.ended_at, run.answered = now(session), answered
        session.flush()


def is_over(session: Session, run_id: int) -> bool:
    """Whether a run has ended."""
    return session.get_one(TieOutRun, run_id).ended_at is not None


def compared_since(session: Session, since: datetime) -> bool:
    """Whether the processor has answered a run that began since then."""
    wanted = select(TieOutRun.id).where(TieOutRun.asked_at >= since, TieOutRun.answered.is_(True)).limit(1)
    return session.scalar(wanted) is not None


def last_asked(session: Session) -> LastAsked:
    """How the last runs went."""
    running = _running(session)
    ended = select(TieOutRun.ended_at, TieOutRun.answered).where(TieOutRun.ended_at.is_not(None))
    last = session.execute(ended.order_by(TieOutRun.id.desc()).limit(1)).one_or_none()
    answered = session.scalar(
        select(TieOutRun.ended_at).where(TieOutRun.answered.is_(True)).order_by(TieOutRun.id.desc()).limit(1)
    )
    return LastAsked(
        running_since=running.asked_at if running is not None else None,
        done_at=answered,
        unanswered_at=last.ended_at if last is not None and not last.answered else None,
    )


def _running(session: Session) -> TieOutRun | None:
    under_way = (TieOutRun.ended_at.is_(None), TieOutRun.asked_at > now(session) - PATIENCE)
    return session.scalars(select(TieOutRun).where(*under_way).order_by(TieOutRun.id.desc()).limit(1)).one_or_none()
