"""Leasing: take events that are due, each with its object, so that those of one object are handled one at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
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
    first_of_object = {row.object_ref: row for row in reversed(rows)}
    ours = [row for _, row in sorted(first_of_object.items()) if _take(session, row, holder)]
    for row in rows:
        if row is not first_of_object[row.object_ref]:
            _give_back(session, row)
    return sorted(ours, key=lambda row: (row.due_at, row.id))


def _takeable(at: datetime, holder: str) -> ColumnElement[bool]:
    held = select(LEASES.c.object_ref).where(LEASES.c.until > at, LEASES.c.holder != holder)
    free = or_(EVENTS.c.leased_until.is_(None), EVENTS.c.leased_until <= at)
    waiting = EVENTS.c.handled_at.is_(None) & EVENTS.c.failed_at.is_(None) & (EVENTS.c.due_at <= at)
    return waiting & free & EVENTS.c.object_ref.not_in(held)


def _take(session: Session, row: AnyRow, holder: str) -> bool:
    """Objects are taken in the order of their names, so that two who take several never wait for each other."""
    if row.attempts > MOST_ATTEMPTS:
        failed(session, row, row.last_error or "every attempt ended without a word", holder)
        return False
    if not take_object(session, row.object_ref, holder):
        _give_back(session, row)
        return False
    return True


def _give_back(session: Session, row: AnyRow) -> None:
    values = {"leased_until": None, "attempts": row.attempts - 1}
    session.execute(update(EVENTS).where(EVENTS.c.id == row.id).values(values))
