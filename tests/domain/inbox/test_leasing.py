"""Leasing: events of one object are handled one after another, whoever works."""

from __future__ import annotations

import threading
from collections import Counter

from domain.inbox import objects, queries
from domain.inbox.queries import View
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.retrying import LEASE, MOST_ATTEMPTS
from domain.tasks.model import TaskKind
from tests.support.events import ME, YOU, arrive, handle, lease, open_tasks


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


def test_an_event_that_kills_its_workers_stands_as_failed(db: Database, clock: MovableClock) -> None:
    arrive(db, "evt_1")
    for _ in range(MOST_ATTEMPTS):
        assert len(lease(db)) == 1
        clock.advance(seconds=LEASE.total_seconds())

    assert lease(db) == []

    assert [task.kind for task in open_tasks(db)] == [TaskKind.EVENT_FAILED]
    with db.reading() as session:
        assert queries.counts(session) == {View.WAITING: 0, View.FAILED: 1}


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
