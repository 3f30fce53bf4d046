"""Queries: which tasks wait, which are mine, which are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from domain.shared.errors import NotFound
from domain.shared.money import Money
from domain.tasks.model import TASK_WORDS, TASKS, TaskKind
from domain.tasks.working import NO_SUCH_TASK


class View(StrEnum):
    """The three lists."""

    OPEN = "open"
    MINE = "mine"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a list or a page shows it."""

    id: int
    kind: TaskKind
    subject_kind: str
    subject_id: str
    account_id: int | None
    worth: Money | None
    detail: dict[str, Any]
    opened_at: datetime
    owner_id: int | None
    done_at: datetime | None
    done_by: int | None

    @property
    def words(self) -> str:
        """What it is about, as a message id."""
        return TASK_WORDS[self.kind]


def tasks(
    session: Session, view: View, *, staff_id: int | None = None, after: int | None = None, limit: int = 50
) -> list[TaskRow]:
    """Open tasks, or those of `staff_id`, the longest waiting first; or done ones, the newest first.

    `after` is the id of the last one seen.
    """
    if view is View.DONE:
        statement = select(TASKS).where(TASKS.c.done_at.is_not(None)).order_by(TASKS.c.id.desc())
    else:
        statement = select(TASKS).where(TASKS.c.done_at.is_(None)).order_by(TASKS.c.id)
    if view is View.MINE:
        statement = statement.where(TASKS.c.owner_id == staff_id)
    if after is not None:
        statement = statement.where(TASKS.c.id < after if view is View.DONE else TASKS.c.id > after)
    return [_task(row) for row in session.execute(statement.limit(limit))]


def task(session: Session, task_id: int) -> TaskRow:
    """One task; NotFound where there is none."""
    row = session.execute(select(TASKS).where(TASKS.c.id == task_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_TASK)
    return _task(row)


def tasks_of(session: Session, account_id: int) -> list[TaskRow]:
    """The open tasks that concern one account."""
    statement = select(TASKS).where(TASKS.c.account_id == account_id, TASKS.c.done_at.is_(None)).order_by(TASKS.c.id)
    return [_task(row) for row in session.execute(statement)]


def counts(session: Session, *, staff_id: int | None = None) -> dict[View, int]:
    """How many tasks are open, and how many of them are `staff_id`'s."""
    own = func.count().filter(TASKS.c.owner_id == staff_id)
    everyone, mine = session.execute(select(func.count(), own).where(TASKS.c.done_at.is_(None))).one()
    return {View.OPEN: everyone, View.MINE: mine}


def _task(row: Row[Any]) -> TaskRow:
    worth = None if row.worth_minor is None else Money(row.worth_minor, row.currency)
    given = {name: getattr(row, name) for name in TaskRow.__dataclass_fields__ if name != "worth"}
    return TaskRow(**given, worth=worth)
