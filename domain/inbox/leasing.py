"""Leasing: take events that are due, each with its object, so that those of one object are handled one at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, tuple_, update
from sqlalchemy.orm import Session

from domain.inbox.handling import failed
from domain.inbox.model import EVENTS, LEASES
from domain.inbox.objects import take_object
from domain.shared.db.claim import due_rows
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.retrying import LEASE, MOST_ATTEMPTS


def lease(session: Session, holder: str, limit: int) -> AnyRows:
    """Take up to `limit` events that are due, with their objects, the longest waiting first.

    One event of an object at most, and none whose object another holder has. `holder` names one thread of work. An
    event whose last attempt ended without a word, because its worker died, stands as failed from here on.
    """
    at = now(session)
    rows = due_rows(session, EVENTS, where=_takeable(at, holder), leased_until=at + LEASE, limit=limit)
    return [row for row in rows if _take(session, row, holder)]


def _take(session: Session, row: AnyRow, holder: str) -> bool:
    if row.attempts > MOST_ATTEMPTS:
        failed(session, row, row.last_error or "every attempt ended without a word", holder)
        return False
    if not take_object(session, row.object_ref, holder):
        _give_back(session, row)
        return False
    return True


def _takeable(at: datetime, holder: str) -> ColumnElement[bool]:
    earlier = EVENTS.alias("earlier")
    held = exists().where(LEASES.c.object_ref == EVENTS.c.object_ref, LEASES.c.until > at, LEASES.c.holder != holder)
    not_the_first = exists().where(
        earlier.c.object_ref == EVENTS.c.object_ref,
        earlier.c.handled_at.is_(None),
        earlier.c.failed_at.is_(None),
        earlier.c.due_at <= at,
        tuple_(earlier.c.due_at, earlier.c.id) < tuple_(EVENTS.c.due_at, EVENTS.c.id),
    )
    free = or_(EVENTS.c.leased_until.is_(None), EVENTS.c.leased_until <= at)
    waiting = EVENTS.c.handled_at.is_(None) & EVENTS.c.failed_at.is_(None) & (EVENTS.c.due_at <= at) & free
    return waiting & ~held & ~not_the_first


def _give_back(session: Session, row: AnyRow) -> None:
    values = {"leased_until": None, "attempts": row.attempts - 1}
    session.execute(update(EVENTS).where(EVENTS.c.id == row.id).values(values))
