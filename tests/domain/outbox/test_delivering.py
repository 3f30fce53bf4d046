"""Delivering: each message to one worker at a time, tried again with rests, and given up with a task."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from sqlalchemy import select

from domain.outbox import delivering, queries
from domain.outbox.sending import add
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.shared.retrying import LEASE, MOST_ATTEMPTS, rest
from domain.tasks.model import TASKS, TaskKind
from tests.support.audited import acts
from tests.support.messages import Greet


def send(db: Database, *names: str) -> list[int]:
    with db.transaction() as session:
        return [add(session, Greet(name), account_id=7) for name in names]


def lease(db: Database, limit: int = 10) -> AnyRows:
    with db.transaction() as session:
        return delivering.lease(session, limit)


def fail(db: Database, row: AnyRow, **how: object) -> None:
    with db.transaction() as session:
        delivering.failed(session, row, "no answer", **how)  # type: ignore[arg-type]


def message(db: Database, message_id: int) -> AnyRow:
    with db.reading() as session:
        return queries.message(session, message_id)


def open_tasks(db: Database) -> AnyRows:
    with db.reading() as session:
        return session.execute(select(TASKS).where(TASKS.c.done_at.is_(None)).order_by(TASKS.c.id)).all()


def test_messages_are_leased_in_order_and_not_twice(db: Database, clock: MovableClock) -> None:
    first, second, third = send(db, "Ana", "Ben", "Cy")

    assert [row.id for row in lease(db, 2)] == [first, second]
    assert [row.id for row in lease(db)] == [third]
    assert lease(db) == []

    clock.advance(seconds=LEASE.total_seconds())
    assert [row.attempts for row in lease(db)] == [2, 2, 2]


def test_what_is_done_is_done(db: Database, clock: MovableClock) -> None:
    (message_id,) = send(db, "Ana")
    (row,) = lease(db)

    with db.transaction() as session:
        delivering.done(session, row)

    clock.advance(days=1)
    assert lease(db) == []
    assert message(db, message_id).done_at is not None


def test_what_failed_rests_longer_each_time(db: Database, clock: MovableClock) -> None:
    (message_id,) = send(db, "Ana")

    for attempt in range(1, 4):
        (row,) = lease(db)
        fail(db, row)
        assert message(db, message_id).due_at == clock.now() + rest(attempt)
        clock.advance(seconds=rest(attempt).total_seconds() - 1)
        assert lease(db) == []
        clock.advance(seconds=1)

    assert message(db, message_id).last_error == "no answer"


def test_after_the_last_attempt_it_is_given_up_and_somebody_is_asked_to_look(db: Database, clock: MovableClock) -> None:
    (message_id,) = send(db, "Ana")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        (row,) = lease(db)
        assert open_tasks(db) == []
        fail(db, row, task=TaskKind.MAIL_UNDELIVERABLE)
        clock.advance(seconds=rest(attempt).total_seconds())

    assert lease(db) == []
    (task,) = open_tasks(db)
    assert (task.kind, task.subject_id, task.account_id) == (TaskKind.MAIL_UNDELIVERABLE, str(message_id), 7)
    with db.reading() as session:
        assert [row.id for row in queries.given_up(session)] == [message_id]
        assert queries.given_up(session, after=message_id) == []


def test_what_can_never_succeed_is_given_up_at_once(db: Database) -> None:
    send(db, "Ana")
    (row,) = lease(db)

    fail(db, row, for_good=True)

    assert lease(db) == []
    assert [task.kind for task in open_tasks(db)] == [TaskKind.WORK_FAILED]


def test_a_message_that_kills_its_workers_is_given_up_too(db: Database, clock: MovableClock) -> None:
    send(db, "Ana")

    for _ in range(MOST_ATTEMPTS):
        assert len(lease(db)) == 1
        clock.advance(seconds=LEASE.total_seconds())

    assert lease(db) == []
    assert [task.kind for task in open_tasks(db)] == [TaskKind.WORK_FAILED]


def test_a_worker_that_was_too_slow_says_nothing_about_the_next_ones_attempt(db: Database, clock: MovableClock) -> None:
    (message_id,) = send(db, "Ana")
    (slow,) = lease(db)
    clock.advance(seconds=LEASE.total_seconds())
    lease(db)

    fail(db, slow, for_good=True)

    row = message(db, message_id)
    assert (row.given_up_at, row.leased_until) == (None, clock.now() + LEASE)
    assert open_tasks(db) == []


def test_staff_can_have_it_tried_again(db: Database) -> None:
    (message_id,) = send(db, "Ana")
    with pytest.raises(Conflict), db.transaction() as session:
        delivering.retry(session, message_id, actor=Actor.staff(1))
    (row,) = lease(db)
    fail(db, row, for_good=True)

    with db.transaction() as session:
        delivering.retry(session, message_id, actor=Actor.staff(1))

    assert [row.attempts for row in lease(db)] == [1]
    assert open_tasks(db) == []
    with db.reading() as session:
        assert acts(session) == ["message.retried"]


def test_a_message_that_is_not_there_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(NotFound):
            delivering.retry(session, 4711, actor=Actor.staff(1))
        with pytest.raises(NotFound):
            queries.message(session, 4711)


def test_many_workers_never_hold_the_same_message(committed_db: Database) -> None:
    send(committed_db, *(f"guest {number}" for number in range(200)))
    taken: Counter[int] = Counter()
    guard, at_once = threading.Lock(), threading.Barrier(6)

    def work() -> None:
        at_once.wait()
        while rows := lease(committed_db, 7):
            with guard:
                taken.update(row.id for row in rows)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 200
    assert set(taken.values()) == {1}


def test_what_comes_in_crowds_has_a_lane_of_its_own(db: Database) -> None:
    send(db, "Ana", "Ben")

    with db.transaction() as session:
        urgent = delivering.lease(session, 10, but={Greet.kind})
        crowds = delivering.lease(session, 1, only={Greet.kind})
        others = delivering.lease(session, 10, only={"another"})

    assert (len(urgent), len(crowds), len(others)) == (0, 1, 0)
