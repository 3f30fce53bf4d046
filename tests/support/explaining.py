"""Explaining: what was asked of the database, and how the engine goes about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from domain.shared.db.session import Database


@contextmanager
def executed(db: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile, and with which values."""
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        found.append((statement, values))

    event.listen(db.bind, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.bind, "before_cursor_execute", note)


def plan_of(db: Database, statement: str, values: Any, *, through: str = "") -> str:
    """The engine's plan: PostgreSQL's as with so many rows that reading all of them is out of the question.

    With "bitmap", reading them in an index's order is out of the question too.
    """
    with db.reading() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            if through == "bitmap":
                connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
            rows = connection.exec_driver_sql(f"EXPLAIN (COSTS off) {statement}", values).all()
            return "\n".join(row[0] for row in rows)
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
