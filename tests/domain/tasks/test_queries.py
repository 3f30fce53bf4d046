"""Lists of tasks: open, mine and done, page by page."""

from __future__ import annotations

from datetime import timedelta

from domain.chargebacks.queries import deadlines
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.tasks import queries, working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.queries import View
from tests.support.builders import money
from tests.support.contesting import a_chargeback, a_paid_debt, reconcile, withdrawn

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


def test_what_must_be_answered_comes_first_the_most_pressing_on_top(db: Database, clock: MovableClock) -> None:
    waiting = several(db, 2)
    for number, days in ((1, 0), (2, -4), (3, -4)):
        a_paid_debt(db, "120", intent_id=f"pi_{number}")
        with db.reading() as session:
            at = now(session) + timedelta(days=days)
        out = withdrawn(money("120"), at, name=f"txn_{number}")
        seen = a_chargeback("needs_response", money("120"), at, out, name=f"du_{number}", intent_id=f"pi_{number}")
        reconcile(db, seen)

    def page(after: int | None, limit: int) -> list[queries.TaskRow]:
        with db.reading() as session:
            return queries.tasks(session, View.OPEN, after=after, limit=limit, deadlines=deadlines())

    whole = page(None, 50)
    by_pages: list[queries.TaskRow] = []
    while following := page(by_pages[-1].id if by_pages else None, 1):
        by_pages += following

    assert [row.subject_id for row in whole if row.kind is TaskKind.CHARGEBACK] == ["du_2", "du_3", "du_1"]
    assert [row.id for row in whole[3:]][:2] == waiting
    assert by_pages == whole
