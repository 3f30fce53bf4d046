"""The inbox: every event once, one at a time for an object, tried again, and in the end for staff to look at."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from domain.inbox import handling, leasing, objects, queries
from domain.inbox.queries import View
from domain.inbox.receiving import receive
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.shared.retrying import LEASE, MOST_ATTEMPTS, rest
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.audited import acts

ME, YOU = "worker-1", "worker-2"


def arrive(db: Database, external_id: str, object_ref: str = "pi_1", *, kind: str = "intent.succeeded") -> bool:
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
    with db.transaction() as session:
        return leasing.lease(session, holder, limit)


def handle(db: Database, event: AnyRow, holder: str = ME) -> None:
    with db.transaction() as session:
        handling.handled(session, event, holder)


def fail(db: Database, event: AnyRow, holder: str = ME) -> None:
    with db.transaction() as session:
        handling.failed(session, event, "Traceback: no", holder)


def fail_for_good(db: Database, clock: MovableClock) -> None:
    for attempt in range(1, MOST_ATTEMPTS + 1):
        (event,) = lease(db)
        fail(db, event)
        clock.advance(seconds=rest(attempt).total_seconds())


def open_tasks(db: Database) -> list[tasks.TaskRow]:
    with db.reading() as session:
        return tasks.tasks(session, tasks.View.OPEN)


def test_an_event_is_kept_once(db: Database) -> None:
    assert arrive(db, "evt_1") is True
    assert arrive(db, "evt_1") is False

    with db.reading() as session:
        (listed,) = queries.events(session, View.ALL)
        event = queries.event(session, listed.id)
    assert (event.kind, event.object_ref, event.payload) == ("intent.succeeded", "pi_1", {"id": "evt_1"})


def test_an_event_that_arrives_many_times_at_once_is_kept_once(committed_db: Database) -> None:
    at_once, kept = threading.Barrier(8), Counter[bool]()

    def deliver() -> None:
        at_once.wait()
        kept[arrive(committed_db, "evt_1")] += 1

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert kept == {True: 1, False: 7}


def test_events_of_one_object_are_handled_one_after_another(db: Database) -> None:
    for external_id, ref in (("evt_1", "pi_1"), ("evt_2", "pi_1"), ("evt_3", "pi_2")):
        arrive(db, external_id, ref)

    first, other = lease(db)
    assert [first.external_id, other.external_id] == ["evt_1", "evt_3"]
    assert lease(db, YOU) == []
    handle(db, first)

    assert [event.external_id for event in lease(db, YOU)] == ["evt_2"]


def test_who_looks_at_an_object_keeps_its_events_from_others(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    with db.transaction() as session:
        assert objects.take_object(session, "pi_1", YOU)
        assert not objects.take_object(session, "pi_1", ME)

    assert lease(db) == []

    with db.transaction() as session:
        objects.release_object(session, "pi_1", ME)
        assert not objects.take_object(session, "pi_1", ME)
        objects.release_object(session, "pi_1", YOU)
    assert len(lease(db)) == 1


def test_an_object_whose_holder_died_is_free_after_two_minutes(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    lease(db, YOU)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert lease(db) == []

    clock.advance(seconds=1)

    (event,) = lease(db)
    assert event.attempts == 2


def test_who_has_an_object_may_have_it_for_longer(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        objects.take_object(session, "pi_1", ME)
    clock.advance(seconds=60)
    with db.transaction() as session:
        assert objects.take_object(session, "pi_1", ME)
    clock.advance(seconds=LEASE.total_seconds() - 1)

    with db.transaction() as session:
        assert not objects.take_object(session, "pi_1", YOU)


def test_leases_of_the_dead_are_forgotten(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        objects.take_object(session, "pi_1", YOU)
    clock.advance(seconds=LEASE.total_seconds())

    with db.transaction() as session:
        objects.forget_old(session)
        objects.release_object(session, "pi_1", YOU)
        assert objects.take_object(session, "pi_1", ME)


def test_what_was_handled_never_comes_again(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    (event,) = lease(db)

    handle(db, event)

    clock.advance(days=1)
    assert lease(db) == []
    assert arrive(db, "evt_1") is False


def test_a_failed_event_rests_and_does_not_hold_up_its_object(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    arrive(db, "evt_2")
    (event,) = lease(db)
    fail(db, event)

    (other,) = lease(db, YOU)
    assert other.external_id == "evt_2"
    handle(db, other, YOU)
    assert lease(db) == []

    clock.advance(seconds=10)
    (again,) = lease(db)
    assert (again.external_id, again.attempts, again.last_error) == ("evt_1", 2, "Traceback: no")


def test_after_the_last_attempt_it_waits_for_staff_who_have_it_tried_again(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    fail_for_good(db, clock)
    assert lease(db) == []
    (task,) = open_tasks(db)
    assert task.kind is TaskKind.EVENT_FAILED
    with db.reading() as session:
        (failed,) = queries.events(session, View.FAILED)
        assert task.subject_id == str(failed.id)
        assert queries.event(session, failed.id).last_error == "Traceback: no"

    with db.transaction() as session:
        handling.retry(session, failed.id, actor=Actor.staff(1))
    (event,) = lease(db)
    handle(db, event)

    assert event.attempts == 1
    assert open_tasks(db) == []
    with db.reading() as session:
        assert acts(session) == ["event.retried"]
        assert [row.id for row in queries.events(session, View.HANDLED)] == [failed.id]


def test_only_what_failed_is_tried_again_by_hand(db: Database) -> None:
    arrive(db, "evt_1")
    (event,) = lease(db)

    with db.transaction() as session:
        with pytest.raises(Conflict):
            handling.retry(session, event.id, actor=Actor.staff(1))
        with pytest.raises(NotFound):
            handling.retry(session, event.id + 1, actor=Actor.staff(1))
        with pytest.raises(NotFound):
            queries.event(session, event.id + 1)


def test_an_event_that_kills_its_workers_stands_as_failed(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    for _ in range(MOST_ATTEMPTS):
        assert len(lease(db)) == 1
        clock.advance(seconds=LEASE.total_seconds())

    assert lease(db) == []

    assert [task.kind for task in open_tasks(db)] == [TaskKind.EVENT_FAILED]
    with db.reading() as session:
        assert queries.counts(session) == {View.WAITING: 0, View.FAILED: 1}


def test_a_holder_that_was_too_slow_changes_nothing(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    (slow,) = lease(db, YOU)
    clock.advance(seconds=LEASE.total_seconds())
    (event,) = lease(db)

    fail(db, slow, YOU)

    with db.reading() as session:
        row = queries.event(session, event.id)
    assert (row.attempts, row.last_error, row.due_at) == (2, None, event.due_at)
    with db.transaction() as session:
        assert not objects.take_object(session, "pi_1", YOU)


def test_lists_show_what_was_asked_for_page_by_page(db: Database, clock: MovableClock) -> None:
    begun = clock.now()
    for number in range(5):
        arrive(db, f"evt_{number}", f"pi_{number % 2}", kind="charge.updated" if number == 3 else "intent.succeeded")
        clock.advance(seconds=1)
    (done,) = lease(db, limit=1)
    handle(db, done)

    with db.reading() as session:
        first = queries.events(session, View.ALL, limit=3)
        rest_of_them = queries.events(session, View.ALL, after=first[-1].id, limit=3)
        assert [row.external_id for row in (*first, *rest_of_them)] == ["evt_4", "evt_3", "evt_2", "evt_1", "evt_0"]
        assert [row.external_id for row in queries.events(session, View.ALL, kind="charge.updated")] == ["evt_3"]
        assert [row.external_id for row in queries.events(session, View.WAITING, object_ref="pi_0")] == [
            "evt_4",
            "evt_2",
        ]
        assert queries.counts(session) == {View.WAITING: 4, View.FAILED: 0}
        assert queries.oldest_waiting(session) == begun.replace(second=1)


def test_many_workers_hold_each_object_one_at_a_time(committed_db: Database) -> None:
    for number in range(60):
        arrive(committed_db, f"evt_{number}", f"pi_{number % 7}")
    held: set[str] = set()
    met: list[str] = []
    seen = Counter[str]()
    guard, at_once = threading.Lock(), threading.Barrier(5)

    def work(holder: str) -> None:
        at_once.wait()
        while len(seen) < 60:
            for event in lease(committed_db, holder, 3):
                with guard:
                    met.extend({event.object_ref} & held)
                    held.add(event.object_ref)
                    seen[event.external_id] += 1
                with committed_db.reading() as session:
                    queries.event(session, event.id)
                with guard:
                    held.discard(event.object_ref)
                handle(committed_db, event, holder)

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert met == []
    assert len(seen) == 60
    assert set(seen.values()) == {1}
