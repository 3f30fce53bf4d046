"""Queries: which tasks wait, which are mine, which are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, null, or_, select
from sqlalchemy.orm import Session

from domain.shared.errors import NotFound
from domain.shared.money import Money
from domain.tasks.model import TASK_WORDS, TASKS, TaskKind
from domain.tasks.working import NO_SUCH_TASK

HOW_MANY_OPEN = select(func.count()).select_from(TASKS).where(TASKS.c.done_at.is_(None))
"""How many tasks wait for somebody."""


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
    due: datetime | None = None
    """By when what it is about must be answered, where the list was asked for in that order."""

    @property
    def words(self) -> str:
        """What it is about, as a message id."""
        return TASK_WORDS[self.kind]


def tasks(
    session: Session,
    view: View,
    *,
    staff_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
    deadlines: Subquery | None = None,
) -> list[TaskRow]:
    """Open tasks, or those of `staff_id`, the longest waiting first; or done ones, the newest first.

    `deadlines` (columns `subject_kind`, `subject_id`, `due`) says by when the subjects of some must be answered: these
    come first, the most pressing on top. `after` is the id of the last one seen.
    """
    if view is View.DONE:
        return _done(session, after, limit)
    due: ColumnElement[Any] = null()
    order: list[ColumnElement[Any]] = [TASKS.c.id]
    statement: Select[*tuple[Any, ...]] = select(TASKS)
    if deadlines is not None:
        due = deadlines.c.due
        same = and_(deadlines.c.subject_kind == TASKS.c.subject_kind, deadlines.c.subject_id == TASKS.c.subject_id)
        statement, order = select(TASKS, due).outerjoin(deadlines, same), [due.is_(None), due, TASKS.c.id]
    waiting = statement.where(TASKS.c.done_at.is_(None))
    if view is View.MINE:
        waiting = waiting.where(TASKS.c.owner_id == staff_id)
    last = session.execute(statement.where(TASKS.c.id == after)).one_or_none() if after is not None else None
    if last is not None:
        waiting = waiting.where(_less_pressing(due, last))
    return [_task(row) for row in session.execute(waiting.order_by(*order).limit(limit))]


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


def _done(session: Session, after: int | None, limit: int) -> list[TaskRow]:
    statement = select(TASKS).where(TASKS.c.done_at.is_not(None)).order_by(TASKS.c.id.desc())
    if after is not None:
        statement = statement.where(TASKS.c.id < after)
    return [_task(row) for row in session.execute(statement.limit(limit))]


def _less_pressing(due: ColumnElement[Any], last: Row[Any]) -> ColumnElement[bool]:
    """Which tasks come after the last one seen."""
    last_due = last._mapping.get("due")
    if last_due is None:
        return and_(due.is_(None), TASKS.c.id > last.id)
    return or_(due.is_(None), due > last_due, and_(due == last_due, TASKS.c.id > last.id))


def _task(row: Row[Any]) -> TaskRow:
    worth = None if row.worth_minor is None else Money(row.worth_minor, row.currency)
    known = row._mapping
    given = {name: known[name] for name in TaskRow.__dataclass_fields__ if name in known}
    return TaskRow(**given, worth=worth)
