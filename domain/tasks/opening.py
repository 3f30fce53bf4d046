"""Opening: ask for a person's eyes, once for each matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.shared.db.session import now
from domain.shared.money import Money
from domain.tasks.model import TASKS, TaskKind


def open_task(
    session: Session,
    kind: TaskKind,
    *,
    subject: tuple[str, int | str],
    account_id: int | None = None,
    worth: Money | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int | None:
    """Open a task about `subject` (its kind and id) and return its id, or None where the same one is open already."""
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
            return int(session.execute(INSERT, values).scalar_one())
    except IntegrityError:
        return None


INSERT = insert(TASKS).returning(TASKS.c.id)
