"""Inserting: add a row unless its unique key is taken, without the failed statement that ends a PostgreSQL transaction."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_if_new(session: Session, table: Table, unique: tuple[str, ...], values: dict[str, Any]) -> int | None:
    """Insert `values` and return the new row's id, or None where a row with the same `unique` columns exists.

    A transaction that is just inserting the same key is waited for.
    """
    statement = _statement(session.get_bind().dialect.name, table, unique)
    new_id: int | None = session.execute(statement, values).scalar_one_or_none()
    return new_id


@cache
def _statement(dialect: str, table: Table, unique: tuple[str, ...]) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing(index_elements=unique).returning(table.c.id)
