"""Opening: ask for a person's eyes, once for each matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.shared.db.session import now
from domain.shared.money import Money
from domain.tasks.model import TASK_ROLES, TASKS, TaskKind


def open_task(
    session: Session,
    kind: TaskKind,
    *,
    subject: tuple[str, int | str],
    account_id: int | None = None,
    worth: Money | None = None,
    detail: Mapping[str, Any] | None = None,
    roles: Collection[str] = (),
) -> int | None:
    """Open a task about `subject` (its kind and id) and return its id, or None where the same one is open already.

    `roles` are those whose authority is enough to decide it, where that is what it asks for.
    """
    subject_kind, subject_id = subject
    values = {
        "kind": kind,
        "subject_kind": subject_kind,
        "subject_id": str(subject_id),
        "account_id": account_id,
        "worth_minor": worth.minor if worth else None,
        "currency": worth.currency if worth else None,
        "detail": dict(detail or {}),
        "opened_at": now(session),
    }
    try:
        with session.begin_nested():
            task_id = int(session.execute(INSERT, values).scalar_one())
    except IntegrityError:
        return None
    if roles:
        session.execute(insert(TASK_ROLES), [{"task_id": task_id, "role": str(role)} for role in roles])
    return task_id


INSERT = insert(TASKS).returning(TASKS.c.id)
