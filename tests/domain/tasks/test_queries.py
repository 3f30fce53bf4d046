"""Lists of tasks: those of an account, those that are done, page by page, and how many wait."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.tasks import queries, working
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task

EVA = Actor.staff(1)


def several(db: Database, count: int) -> list[int]:
    with db.transaction() as session:
        opened = [
            open_task(session, TaskKind.SURPLUS, subject=("payment", number), account_id=number % 2)
            for number in range(count)
        ]
    return [task_id for task_id in opened if task_id is not None]


def test_each_list_holds_its_own(db: Database) -> None:
    first, second, third, fourth = several(db, 4)
    with db.transaction() as session:
        working.take(session, second, actor=EVA)
        for task_id in (first, fourth):
            working.done(session, task_id, actor=EVA)

    with db.reading() as session:
        assert [row.id for row in queries.done(session)] == [fourth, first]
        assert [row.id for row in queries.tasks_of(session, 1)] == [second]
        assert [row.id for row in queries.tasks_of(session, 0)] == [third]
        assert session.scalar(queries.how_many_wait(now(session))) == 2


def test_pages_of_what_is_done_follow_each_other(db: Database) -> None:
    ids = several(db, 5)

    with db.transaction() as session:
        for task_id in ids:
            working.done(session, task_id, actor=EVA)
        first = queries.done(session, limit=3)
        rest = queries.done(session, before=first[-1].id, limit=3)

    assert [row.id for row in (*first, *rest)] == ids[::-1]


def test_what_is_put_off_does_not_wait_until_then(db: Database) -> None:
    first, _ = several(db, 2)

    with db.transaction() as session:
        until = now(session) + timedelta(days=1)
        session.execute(update(TASKS).where(TASKS.c.id == first).values(snoozed_until=until))

        assert session.scalar(queries.how_many_wait(now(session))) == 1
        assert session.scalar(queries.how_many_wait(until)) == 2
