"""Installed: how the installation is doing: its schema, what waits and what failed, and when the worker last worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from domain.dunning.model import DutyDay
from domain.inbox.model import EVENTS
from domain.inbox.queries import HOW_MANY_FAILED
from domain.ledger.check_some import newest_seal
from domain.outbox.model import OUTBOX
from domain.shared.db.session import now
from domain.tasks.model import TASKS, TaskKind

GIVEN_UP = (TaskKind.WORK_FAILED, TaskKind.MAIL_UNDELIVERABLE)
"""The tasks that somebody has while work is given up."""
LATE = timedelta(minutes=5)
"""What is due for longer than this waits for a worker that does not come."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits, how much has failed for good, and since when the oldest of it has been due."""

    waiting: int
    failed: int
    oldest_due: datetime | None

    def is_late(self, at: datetime) -> bool:
        """Whether something waits for longer than it should."""
        return self.oldest_due is not None and at - self.oldest_due > LATE


@dataclass(frozen=True, slots=True)
class Installed:
    """How everything stands at one moment."""

    at: datetime
    schema: str
    outbox: Queue
    inbox: Queue
    worker_at: datetime | None
    failed_duties: list[str]
    sealed_at: datetime | None


def installed(session: Session) -> Installed:
    """How the installation stands now, in a handful of small queries."""
    at = now(session)
    latest = select(func.max(DutyDay.day)).scalar_subquery()
    duties = session.execute(
        select(DutyDay.duty, DutyDay.last_at, DutyDay.failures).where(DutyDay.day == latest).order_by(DutyDay.duty)
    ).all()
    waiting = OUTBOX.c.done_at.is_(None) & OUTBOX.c.given_up_at.is_(None)
    events = EVENTS.c.handled_at.is_(None) & EVENTS.c.failed_at.is_(None)
    seal = newest_seal(session)
    return Installed(
        at=at,
        schema=_schema(session),
        outbox=_queue(
            session,
            select(func.count(), func.min(OUTBOX.c.due_at)).where(waiting & (OUTBOX.c.due_at <= at)),
            select(func.count()).where(TASKS.c.kind.in_(GIVEN_UP), TASKS.c.done_at.is_(None)),
        ),
        inbox=_queue(
            session,
            select(func.count(), func.min(EVENTS.c.received_at)).where(events),
            HOW_MANY_FAILED,
        ),
        worker_at=max((row.last_at for row in duties), default=None),
        failed_duties=[row.duty for row in duties if row.failures],
        sealed_at=seal.at if seal is not None else None,
    )


def _queue(session: Session, waiting: Any, failed: Any) -> Queue:
    count, oldest = session.execute(waiting).one()
    return Queue(count, session.scalar(failed) or 0, oldest)


def _schema(session: Session) -> str:
    """The number of the schema that the database has; empty where nobody wrote it down."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return ", ".join(session.scalars(text("SELECT version_num FROM alembic_version")))
