"""Tasks that wait for somebody, for tests that ask what a person was told."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.tasks import queries
from domain.tasks.model import TASKS
from domain.tasks.queries import TaskRow


def open_tasks(session: Session) -> list[TaskRow]:
    """All of them, the longest waiting first."""
    ids = session.scalars(select(TASKS.c.id).where(TASKS.c.done_at.is_(None)).order_by(TASKS.c.id))
    return [queries.task(session, one) for one in ids]
