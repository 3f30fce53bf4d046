"""Queries: what waits in the outbox, and what was given up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.outbox.model import OUTBOX
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound


def message(session: Session, message_id: int) -> AnyRow:
    """One message with all its columns; NotFound where there is none."""
    row = session.execute(select(OUTBOX).where(OUTBOX.c.id == message_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def given_up_about(session: Session, kind: str, name: str, value: str) -> int | None:
    """The message of this kind that was given up last and whose payload says so under this name, or None."""
    return session.scalar(
        select(OUTBOX.c.id)
        .where(OUTBOX.c.kind == kind, OUTBOX.c.payload[name].as_string() == value, OUTBOX.c.given_up_at.is_not(None))
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )


def given_up(session: Session, *, after: int | None = None, limit: int = 50) -> AnyRows:
    """Messages that nobody tries any more, the newest first; `after` is the id of the last one seen."""
    statement = select(OUTBOX).where(OUTBOX.c.given_up_at.is_not(None)).order_by(OUTBOX.c.id.desc()).limit(limit)
    return session.execute(statement if after is None else statement.where(OUTBOX.c.id < after)).all()
