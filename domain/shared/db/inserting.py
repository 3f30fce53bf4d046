"""Inserting: add rows unless their unique key is taken, without the failed statement that ends a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_if_new(
    session: Session, table: Table, unique: tuple[str, ...], values: dict[str, Any], *, where: str | None = None
) -> int | None:
    """Insert `values` and return the new row's id, or None where a row with the same `unique` columns exists.

    `where` is the condition of a unique index that holds for some rows only. A transaction that is just inserting the
    same key is waited for.
    """
    statement = _statement(session.get_bind().dialect.name, table, unique, ("id",), where)
    new_id: int | None = session.execute(statement, values).scalar_one_or_none()
    return new_id


def insert_new(
    session: Session,
    table: Table,
    unique: tuple[str, ...],
    rows: list[dict[str, Any]],
    *,
    returning: tuple[str, ...],
) -> Sequence[Any]:
    """Insert those of `rows` whose `unique` columns are not taken, and return `returning` of each, in no order."""
    statement = _statement(session.get_bind().dialect.name, table, unique, returning)
    return session.execute(statement, rows).all()


@cache
def _statement(
    dialect: str, table: Table, unique: tuple[str, ...], returning: tuple[str, ...], where: str | None = None
) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    some = None if where is None else text(where)
    statement = insert(table).on_conflict_do_nothing(index_elements=unique, index_where=some)
    return statement.returning(*(table.c[name] for name in returning))
