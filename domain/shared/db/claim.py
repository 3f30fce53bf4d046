"""Claims of work: take due rows of a job table so that no two workers hold the same one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select, update
from sqlalchemy.orm import Session


def due_rows(
    session: Session, table: Table, *, where: ColumnElement[bool], leased_until: datetime, limit: int
) -> list[Any]:
    """Lease up to `limit` rows of `table` that match `where`, oldest due first, and return them whole.

    The table has `id`, `due_at`, `attempts` and `leased_until`; each taken row gets the lease and one more attempt.
    """
    chosen: Select[Any] = select(table.c.id).where(where).order_by(table.c.due_at, table.c.id).limit(limit)
    if session.get_bind().dialect.name == "postgresql":
        taken = chosen.with_for_update(skip_locked=True).cte("taken").prefix_with("MATERIALIZED", dialect="postgresql")
        wanted = select(taken.c.id)
    else:
        wanted = chosen
    statement = (
        update(table)
        .where(table.c.id.in_(wanted))
        .values(leased_until=leased_until, attempts=table.c.attempts + 1)
        .returning(*table.c)
    )
    return sorted(session.execute(statement).all(), key=lambda row: (row.due_at, row.id))
