"""Lists of tasks: open, mine and done, page by page."""

from __future__ import annotations

from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.tasks import queries, working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.queries import View

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
        working.take(session, third, actor=Actor.staff(2))
        for task_id in (first, fourth):
            working.done(session, task_id, actor=EVA)

    with db.reading() as session:
        assert [row.id for row in queries.tasks(session, View.OPEN)] == [second, third]
        assert [row.id for row in queries.tasks(session, View.MINE, staff_id=1)] == [second]
        assert [row.id for row in queries.tasks(session, View.DONE)] == [fourth, first]
        assert queries.counts(session, staff_id=1) == {View.OPEN: 2, View.MINE: 1}
        assert [row.id for row in queries.tasks_of(session, 1)] == [second]


def test_pages_follow_each_other(db: Database) -> None:
    ids = several(db, 5)

    with db.transaction() as session:
        first = queries.tasks(session, View.OPEN, limit=3)
        rest = queries.tasks(session, View.OPEN, after=first[-1].id, limit=3)
        assert [row.id for row in (*first, *rest)] == ids

        for task_id in ids:
            working.done(session, task_id, actor=EVA)
        first = queries.tasks(session, View.DONE, limit=3)
        rest = queries.tasks(session, View.DONE, after=first[-1].id, limit=3)
        assert [row.id for row in (*first, *rest)] == ids[::-1]
