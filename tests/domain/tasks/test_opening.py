"""Opening tasks: one for each matter while it is open."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.money import Money
from domain.tasks import queries, working
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task


def test_a_task_says_what_it_is_about(db: Database) -> None:
    with db.transaction() as session:
        task_id = open_task(
            session,
            TaskKind.SURPLUS,
            subject=("payment", 9),
            account_id=3,
            worth=Money(5000, "GBP"),
            detail={"invoice": "INV-7"},
        )
        assert task_id is not None
        row = queries.task(session, task_id)

    assert (row.kind, row.subject_kind, row.subject_id) == (TaskKind.SURPLUS, "payment", "9")
    assert (row.account_id, row.worth, row.detail) == (3, Money(5000, "GBP"), {"invoice": "INV-7"})
    assert row.words.startswith("More came than was open")


def test_the_same_matter_is_opened_once_and_again_when_it_was_done(db: Database) -> None:
    with db.transaction() as session:
        first = open_task(session, TaskKind.SURPLUS, subject=("payment", 9))
        assert first is not None
        assert open_task(session, TaskKind.SURPLUS, subject=("payment", "9")) is None
        assert open_task(session, TaskKind.SURPLUS, subject=("payment", 8)) is not None
        assert open_task(session, TaskKind.PAYMENT_UNKNOWN, subject=("payment", 9)) is not None
        working.done(session, first, actor=Actor.staff(1))

        assert open_task(session, TaskKind.SURPLUS, subject=("payment", 9)) is not None


def test_two_who_open_the_same_at_once_open_one(committed_db: Database) -> None:
    at_once = threading.Barrier(6)

    def open_it() -> None:
        at_once.wait()
        with committed_db.transaction() as session:
            open_task(session, TaskKind.SURPLUS, subject=("payment", 9))

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with committed_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(TASKS)) == 1
