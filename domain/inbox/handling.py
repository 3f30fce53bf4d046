"""Handling: write down how an event ended, and let staff have a failed one tried again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.inbox.model import EVENTS, InboxEvent
from domain.inbox.objects import release_object
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.retrying import MOST_ATTEMPTS, rest
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle

LONGEST_ERROR = 20_000


def handled(session: Session, event: AnyRow, holder: str, *, note: str | None = None) -> None:
    """The event of a lease has had its effect, in this very transaction; its object is free again.

    A `note` says why there was nothing to do, and takes the place of the last error.
    """
    kept = {} if note is None else {"last_error": note}
    values = {"handled_at": now(session), "leased_until": None, **kept}
    session.execute(update(EVENTS).where(EVENTS.c.id == event.id, EVENTS.c.handled_at.is_(None)).values(values))
    if event.last_error is not None:
        settle(session, TaskKind.EVENT_FAILED, subject=("event", event.id))
    release_object(session, event.object_ref, holder)


def failed(session: Session, event: AnyRow, error: str, holder: str) -> None:
    """The event of a lease could not be handled: keep the traceback, free its object, and try again later.

    After the last attempt it stands as failed, and a task is opened. Nothing happens where the lease had run out and
    somebody else has taken the event.
    """
    release_object(session, event.object_ref, holder)
    last = event.attempts >= MOST_ATTEMPTS
    outcome = {"failed_at": now(session)} if last else {"due_at": now(session) + rest(event.attempts)}
    statement = update(EVENTS).where(*_still_ours(event)).returning(EVENTS.c.id)
    kept = {"last_error": error[-LONGEST_ERROR:], "leased_until": None}
    if session.execute(statement.values({**outcome, **kept})).first() is not None and last:
        open_task(session, TaskKind.EVENT_FAILED, subject=("event", event.id), detail={"event": event.kind})


def retry(session: Session, event_id: int, *, actor: Actor) -> None:
    """Have a failed event handled again, at once and with all its attempts; Conflict where it has not failed."""
    event = session.get(InboxEvent, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound
    if event.failed_at is None:
        raise Conflict(N_("This has not failed for good."))
    event.failed_at, event.attempts, event.due_at = None, 0, now(session)
    session.flush()
    record(session, "event.retried", actor=actor, subject=("event", event_id))


def _still_ours(event: AnyRow) -> tuple[ColumnElement[bool], ...]:
    return (EVENTS.c.id == event.id, EVENTS.c.attempts == event.attempts, EVENTS.c.handled_at.is_(None))
