"""Queries: one task, those of an account, those that are done, and how many wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from domain.shared.errors import NotFound
from domain.shared.money import Money
from domain.tasks.model import DECIDED, TASK_WORDS, TASKS, TaskKind
from domain.tasks.working import NO_SUCH_TASK


def how_many_wait(at: datetime) -> Select[int]:
    """Selects how many tasks wait for somebody at that moment: those that were put off until later do not."""
    awake = or_(TASKS.c.snoozed_until.is_(None), TASKS.c.snoozed_until <= at)
    return select(func.count()).select_from(TASKS).where(TASKS.c.done_at.is_(None), awake)


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
    snoozed_until: datetime | None

    @property
    def words(self) -> str:
        """What it is about, as a message id."""
        return TASK_WORDS[self.kind]

    @property
    def ends_by_hand(self) -> bool:
        """Whether somebody says that it is done, rather than a decision."""
        return self.kind not in DECIDED


def done(session: Session, *, before: int | None = None, limit: int = 50) -> list[TaskRow]:
    """Tasks that are done, those opened last first; older ones than the id of the last one seen."""
    statement = select(TASKS).where(TASKS.c.done_at.is_not(None)).order_by(TASKS.c.id.desc())
    if before is not None:
        statement = statement.where(TASKS.c.id < before)
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


def _task(row: Row[Any]) -> TaskRow:
    worth = None if row.worth_minor is None else Money(row.worth_minor, row.currency)
    known = row._mapping
    given = {name: known[name] for name in TaskRow.__dataclass_fields__ if name in known}
    return TaskRow(**given, worth=worth)
