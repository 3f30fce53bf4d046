"""Claims of work: each row goes to one worker, the oldest due first, and comes back when its lease is over."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import ColumnElement, insert, or_

from domain.inbox.model import EVENTS
from domain.shared.clock import MovableClock
from domain.shared.db.claim import due_rows
from domain.shared.db.session import Database, now
from tests.conftest import NOON

LEASE = timedelta(minutes=2)


def arrive(database: Database, *minutes: int) -> None:
    """Events that are due so many minutes from noon."""
    rows = [
        {
            "source": "test",
            "external_id": f"evt_{n}",
            "kind": "x",
            "object_ref": f"x:{n}",
            "payload": {},
            "occurred_at": NOON,
            "received_at": NOON,
            "due_at": NOON + timedelta(minutes=due),
            "attempts": 0,
        }
        for n, due in enumerate(minutes)
    ]
    with database.transaction() as session:
        session.execute(insert(EVENTS), rows)


def take(database: Database, limit: int) -> list[str]:
    """What a worker gets that asks for so many."""
    with database.transaction() as session:
        at = now(session)
        free: ColumnElement[bool] = or_(EVENTS.c.leased_until.is_(None), EVENTS.c.leased_until < at)
        rows = due_rows(session, EVENTS, where=(EVENTS.c.due_at <= at) & free, leased_until=at + LEASE, limit=limit)
        assert all(row.leased_until == at + LEASE for row in rows)
        return [row.external_id for row in rows]


def test_the_oldest_due_come_first_and_what_is_not_due_stays(db: Database) -> None:
    arrive(db, -1, -5, -3, 5)

    assert (take(db, 2), take(db, 2), take(db, 2)) == (["evt_1", "evt_2"], ["evt_0"], [])


def test_a_row_comes_back_when_its_lease_is_over_with_one_more_attempt(db: Database, clock: MovableClock) -> None:
    arrive(db, -1)
    take(db, 1)
    clock.advance(minutes=3)

    with db.transaction() as session:
        [row] = due_rows(
            session, EVENTS, where=EVENTS.c.leased_until < now(session), leased_until=now(session) + LEASE, limit=5
        )

    assert row.attempts == 2


def test_no_two_workers_hold_the_same_row(committed_db: Database) -> None:
    arrive(committed_db, *range(-60, 0))
    barrier = Barrier(6)

    def work(thread: int) -> list[str]:
        barrier.wait()
        return [name for _ in range(4) for name in take(committed_db, 5)]

    with ThreadPoolExecutor(6) as pool:
        taken = Counter(name for names in pool.map(work, range(6)) for name in names)

    left = take(committed_db, 60)
    assert set(taken.values()) == {1}
    assert sorted([*taken, *left]) == sorted(f"evt_{n}" for n in range(60))
