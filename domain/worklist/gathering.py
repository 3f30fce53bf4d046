"""Gathering: what waits for somebody at a place of its own, without a task, gets one for as long as it waits."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.notices.printing import HOW_MANY_WAIT
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle

LETTERS = ("letters", "waiting")
"""All letters that wait are one piece of work: they are printed together."""
_ASKED_FOR = select(
    exists().where(
        TASKS.c.kind == TaskKind.LETTERS_TO_PRINT,
        TASKS.c.subject_kind == LETTERS[0],
        TASKS.c.subject_id == LETTERS[1],
        TASKS.c.done_at.is_(None),
    )
)


def is_missing(session: Session) -> bool:
    """Whether letters wait and nobody is asked to print them, or the other way round."""
    return bool(session.scalar(HOW_MANY_WAIT)) != session.scalar(_ASKED_FOR)


def gather(session: Session) -> int:
    """Open the task to print letters where some wait, and settle it where none do; 1 where that changed something."""
    if not is_missing(session):
        return 0
    if session.scalar(HOW_MANY_WAIT):
        return int(open_task(session, TaskKind.LETTERS_TO_PRINT, subject=LETTERS) is not None)
    settle(session, TaskKind.LETTERS_TO_PRINT, subject=LETTERS)
    return 1
