"""Queries: what arrived, what waits, and what failed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.inbox.model import EVENTS
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound


class View(StrEnum):
    """The lists of the inbox."""

    ALL = "all"
    WAITING = "waiting"
    FAILED = "failed"
    HANDLED = "handled"


SHOWN = {
    View.ALL: EVENTS.c.id.is_not(None),
    View.WAITING: EVENTS.c.handled_at.is_(None) & EVENTS.c.failed_at.is_(None),
    View.FAILED: EVENTS.c.failed_at.is_not(None),
    View.HANDLED: EVENTS.c.handled_at.is_not(None),
}
HOW_MANY_FAILED = select(func.count()).select_from(EVENTS).where(SHOWN[View.FAILED])
"""How many events failed."""
LISTED = tuple(column for column in EVENTS.c if column.name not in {"payload", "last_error"})


def events(
    session: Session,
    view: View,
    *,
    kind: str | None = None,
    object_ref: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> AnyRows:
    """Events without their payload and traceback, the newest first; `after` is the id of the last one seen."""
    statement = select(*LISTED).where(SHOWN[view]).order_by(EVENTS.c.id.desc()).limit(limit)
    for column, wanted in ((EVENTS.c.kind, kind), (EVENTS.c.object_ref, object_ref)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return session.execute(statement if after is None else statement.where(EVENTS.c.id < after)).all()


def event(session: Session, event_id: int) -> AnyRow:
    """One event with all its columns; NotFound where there is none."""
    row = session.execute(select(EVENTS).where(EVENTS.c.id == event_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def counts(session: Session) -> dict[View, int]:
    """How many events wait, and how many failed."""
    views = (View.WAITING, View.FAILED)
    numbers = session.execute(select(*(func.count().filter(SHOWN[view]) for view in views)).select_from(EVENTS)).one()
    return dict(zip(views, numbers, strict=True))


def oldest_waiting(session: Session) -> datetime | None:
    """When the event arrived that has waited longest."""
    oldest: datetime | None = session.scalar(select(func.min(EVENTS.c.received_at)).where(SHOWN[View.WAITING]))
    return oldest
