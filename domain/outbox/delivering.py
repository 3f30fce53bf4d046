"""Delivering: lease messages that are due, and write down how each ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.outbox.model import OUTBOX, OutboxMessage
from domain.shared.actor import Actor
from domain.shared.db.claim import due_rows
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.retrying import LEASE, MOST_ATTEMPTS, rest
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle

LONGEST_ERROR = 10_000
Aftermath = Callable[[Session, AnyRow], None]
"""What is done about the matter of a message that is given up, so that a person sees it there, with its own task."""
NO_AFTERMATHS: Mapping[str, Aftermath] = {}


def lease(
    session: Session,
    limit: int,
    *,
    only: Collection[str] | None = None,
    but: Collection[str] = (),
    aftermaths: Mapping[str, Aftermath] = NO_AFTERMATHS,
    hold: timedelta = LEASE,
) -> AnyRows:
    """Take up to `limit` messages that are due, the longest waiting first; nobody else has them for two minutes.

    `hold` is how long instead, for what takes its time.

    `only` of these kinds, or all `but` these: what comes in crowds must not hold up what somebody waits for. A message
    whose last attempt ended without a word, because its worker died, is given up here, with the one of these
    `aftermaths` that its kind has.
    """
    at = now(session)
    free = or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= at)
    kinds = OUTBOX.c.kind.not_in(but) if only is None else OUTBOX.c.kind.in_(only)
    where = OUTBOX.c.done_at.is_(None) & OUTBOX.c.given_up_at.is_(None) & (OUTBOX.c.due_at <= at) & free & kinds
    rows = due_rows(session, OUTBOX, where=where, leased_until=at + hold, limit=limit)
    for row in rows:
        if row.attempts > MOST_ATTEMPTS:
            error = row.last_error or "every attempt ended without a word"
            _give_up(session, row, error, TaskKind.WORK_FAILED, aftermaths)
    return [row for row in rows if row.attempts <= MOST_ATTEMPTS]


def done(session: Session, row: AnyRow) -> None:
    """The message of a lease has been dealt with."""
    values = {"done_at": now(session), "leased_until": None, "last_error": None}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id, OUTBOX.c.done_at.is_(None)).values(values))


def failed(
    session: Session,
    row: AnyRow,
    error: str,
    *,
    for_good: bool = False,
    task: TaskKind = TaskKind.WORK_FAILED,
    aftermaths: Mapping[str, Aftermath] = NO_AFTERMATHS,
) -> None:
    """The message of a lease could not be dealt with: it rests, longer each time, and is tried again.

    After the last attempt, or at once where `for_good`, it is given up: with the one of these `aftermaths` that its
    kind has, or else a `task` of this kind. Nothing happens where the lease had run out and somebody else has taken
    the message.
    """
    if for_good or row.attempts >= MOST_ATTEMPTS:
        _give_up(session, row, error, task, aftermaths)
        return
    due_at = now(session) + rest(row.attempts)
    session.execute(
        update(OUTBOX)
        .where(*_still_ours(row))
        .values(due_at=due_at, leased_until=None, last_error=error[:LONGEST_ERROR])
    )


def retry(session: Session, message_id: int, *, actor: Actor) -> None:
    """Try a message that was given up from the start again; Conflict where it was not."""
    message = session.get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None:
        raise NotFound
    if message.given_up_at is None:
        raise Conflict(N_("This has not been given up."))
    message.given_up_at, message.attempts, message.due_at = None, 0, now(session)
    session.flush()
    for kind in (TaskKind.WORK_FAILED, TaskKind.MAIL_UNDELIVERABLE):
        settle(session, kind, subject=("message", message_id))
    record(session, "message.retried", actor=actor, subject=("message", message_id), account_id=message.account_id)


def _give_up(session: Session, row: AnyRow, error: str, task: TaskKind, aftermaths: Mapping[str, Aftermath]) -> None:
    values: dict[str, Any] = {
        "given_up_at": now(session),
        "leased_until": None,
        "last_error": error[:LONGEST_ERROR],
    }
    given_up = session.execute(update(OUTBOX).where(*_still_ours(row)).values(values).returning(OUTBOX.c.id)).first()
    if given_up is None:
        return
    if row.kind in aftermaths:
        aftermaths[row.kind](session, row)
    else:
        open_task(session, task, subject=("message", row.id), account_id=row.account_id, detail={"message": row.kind})


def _still_ours(row: AnyRow) -> tuple[ColumnElement[bool], ...]:
    return (OUTBOX.c.id == row.id, OUTBOX.c.attempts == row.attempts, OUTBOX.c.done_at.is_(None))
