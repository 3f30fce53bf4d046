"""Working on tasks: taken, finished, opened again, or settled by themselves."""

from __future__ import annotations

import pytest

from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.tasks import queries, working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.support.audited import acts, last_payload

EVA, ED = Actor.staff(1), Actor.staff(2)
SUBJECT = ("payment", 9)


def a_task(db: Database) -> int:
    with db.transaction() as session:
        task_id = open_task(session, TaskKind.SURPLUS, subject=SUBJECT, account_id=3)
    assert task_id is not None
    return task_id


def test_a_task_is_taken_from_a_colleague_and_given_back(db: Database) -> None:
    task_id = a_task(db)

    with db.transaction() as session:
        working.take(session, task_id, actor=EVA)
        working.take(session, task_id, actor=EVA)
        working.take(session, task_id, actor=ED)
        assert queries.task(session, task_id).owner_id == 2
        working.give_back(session, task_id, actor=ED)

    with db.reading() as session:
        assert queries.task(session, task_id).owner_id is None
        assert acts(session) == ["task.taken", "task.taken", "task.given_back"]
        assert last_payload(session, "task.taken")["before"] == {"owner_id": 1}


def test_a_task_is_done_once_by_whoever_was_faster(db: Database) -> None:
    task_id = a_task(db)
    with db.transaction() as session:
        working.done(session, task_id, actor=EVA, note=" refunded ")

    with pytest.raises(Conflict), db.transaction() as session:
        working.done(session, task_id, actor=ED)
    with pytest.raises(Conflict), db.transaction() as session:
        working.take(session, task_id, actor=ED)
    with db.reading() as session:
        row = queries.task(session, task_id)
        assert (row.done_by, row.done_at, row.detail) == (1, db.clock.now(), {"note": "refunded"})


def test_a_done_task_is_opened_again_unless_its_matter_is_open(db: Database) -> None:
    task_id = a_task(db)
    with pytest.raises(Conflict), db.transaction() as session:
        working.reopen(session, task_id, actor=EVA)
    with db.transaction() as session:
        working.done(session, task_id, actor=EVA)
        working.reopen(session, task_id, actor=ED)
        assert queries.task(session, task_id).done_at is None
        working.done(session, task_id, actor=EVA)
    a_task(db)

    with pytest.raises(Conflict), db.transaction() as session:
        working.reopen(session, task_id, actor=EVA)


def test_what_settles_itself_is_done_by_nobody(db: Database) -> None:
    task_id = a_task(db)

    with db.transaction() as session:
        working.settle(session, TaskKind.PAYMENT_UNKNOWN, subject=SUBJECT)
        assert queries.task(session, task_id).done_at is None
        working.settle(session, TaskKind.SURPLUS, subject=SUBJECT)

        row = queries.task(session, task_id)
        assert (row.done_at, row.done_by) == (db.clock.now(), None)


def test_only_staff_work_on_tasks(db: Database) -> None:
    task_id = a_task(db)

    with pytest.raises(ValueError, match="staff"), db.transaction() as session:
        working.take(session, task_id, actor=Actor.login(5))
    with pytest.raises(ValueError, match="staff"), db.transaction() as session:
        working.done(session, task_id, actor=WORKER)


def test_a_task_that_is_not_there_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(NotFound):
            working.take(session, 4711, actor=EVA)
        with pytest.raises(NotFound):
            queries.task(session, 4711)
