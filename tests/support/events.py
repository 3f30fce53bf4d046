"""Events for tests of the inbox: they arrive, are leased, handled, or fail."""

from __future__ import annotations

from domain.inbox import handling, leasing
from domain.inbox.receiving import receive
from domain.shared.clock import MovableClock
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database
from domain.shared.retrying import MOST_ATTEMPTS, rest
from domain.tasks import queries as tasks
from tests.support.tasks import open_tasks as waiting_tasks

ME, YOU = "worker-1", "worker-2"


def arrive(db: Database, external_id: str, object_ref: str = "pi_1", *, kind: str = "intent.succeeded") -> bool:
    """An event arrives; whether it is new."""
    with db.transaction() as session:
        return receive(
            session,
            source="stripe",
            external_id=external_id,
            kind=kind,
            object_ref=object_ref,
            payload={"id": external_id},
            occurred_at=db.clock.now(),
        )


def lease(db: Database, holder: str = ME, limit: int = 10) -> AnyRows:
    """Take what is due."""
    with db.transaction() as session:
        return leasing.lease(session, holder, limit)


def handle(db: Database, event: AnyRow, holder: str = ME) -> None:
    """It had its effect."""
    with db.transaction() as session:
        handling.handled(session, event, holder)


def fail(db: Database, event: AnyRow, holder: str = ME) -> None:
    """It could not be handled."""
    with db.transaction() as session:
        handling.failed(session, event, "Traceback: no", holder)


def fail_for_good(db: Database, clock: MovableClock) -> None:
    """The only event fails until nobody tries any more."""
    for attempt in range(1, MOST_ATTEMPTS + 1):
        (event,) = lease(db)
        fail(db, event)
        clock.advance(seconds=rest(attempt).total_seconds())


def open_tasks(db: Database) -> list[tasks.TaskRow]:
    """What waits for staff."""
    with db.reading() as session:
        return waiting_tasks(session)
