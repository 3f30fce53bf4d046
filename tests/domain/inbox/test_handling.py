"""Handling: done for good, tried again after a rest, and in the end for staff to look at."""

from __future__ import annotations

import pytest

from domain.inbox import handling, objects, queries
from domain.inbox.queries import View
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.shared.retrying import LEASE
from domain.tasks.model import TaskKind
from tests.support.audited import acts
from tests.support.events import YOU, arrive, fail, fail_for_good, handle, lease, open_tasks


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

    with pytest.raises(Conflict), db.transaction() as session:
        handling.retry(session, event.id, actor=Actor.staff(1))
    with pytest.raises(NotFound), db.transaction() as session:
        handling.retry(session, event.id + 1, actor=Actor.staff(1))
    with pytest.raises(NotFound), db.reading() as session:
        queries.event(session, event.id + 1)


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
