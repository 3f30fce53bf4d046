"""Inserting: add many rows at once, or rows whose key may be taken, at the least cost that each engine allows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Executable, Table, bindparam, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Names: TypeAlias = tuple[str, ...]
Row: TypeAlias = dict[str, Any]


def insert_if_new(
    session: Session, table: Table, unique: Names, values: Row, *, where: str | None = None
) -> int | None:
    """Insert `values` and return the new row's id, or None where a row with the same `unique` columns exists.

    `where` is the condition of a unique index that holds for some rows only. A transaction that is just inserting the
    same key is waited for. No statement fails, so that a PostgreSQL transaction goes on.
    """
    statement = _row_by_row(session.get_bind().dialect.name, table, unique, ("id",), where)
    new_id: int | None = session.execute(statement, values).scalar_one_or_none()
    return new_id


def insert_new(
    session: Session, table: Table, unique: Names, rows: Sequence[Row], *, returning: Names
) -> Sequence[Any]:
    """Insert those of `rows` whose `unique` columns are not taken, and return `returning` of each, in no order."""
    added: Sequence[Any] = _insert(session, table, rows, unique, returning).all()
    return added


def insert_all(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert all `rows`, which all have the same columns (none of them JSON): for hundreds and thousands of them."""
    if rows:
        _insert(session, table, rows, (), ())


def _insert(session: Session, table: Table, rows: Sequence[Row], unique: Names, returning: Names) -> Any:
    dialect = session.get_bind().dialect.name
    if dialect != "postgresql":
        return session.execute(_row_by_row(dialect, table, unique, returning), list(rows))
    columns = tuple(rows[0])
    statement = _by_column(table, columns, unique, returning)
    return session.execute(statement, {name: [row[name] for row in rows] for name in columns})


@cache
def _row_by_row(dialect: str, table: Table, unique: Names, returning: Names, where: str | None = None) -> Executable:
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    return _finished(statement, table, unique, returning, where)


@cache
def _by_column(table: Table, columns: Names, unique: Names, returning: Names) -> Executable:
    """One array a column: psycopg takes longer to read ten thousand placeholders than the server to do the work."""
    arrays = [
        func.unnest(bindparam(name, type_=postgresql.ARRAY(table.c[name].type, dimensions=1))) for name in columns
    ]
    return _finished(postgresql.insert(table).from_select(columns, select(*arrays)), table, unique, returning)


def _finished(statement: Any, table: Table, unique: Names, returning: Names, where: str | None = None) -> Executable:
    if unique:
        some = None if where is None else text(where)
        statement = statement.on_conflict_do_nothing(index_elements=unique, index_where=some)
    if returning:
        statement = statement.returning(*(table.c[name] for name in returning))
    finished: Executable = statement
    return finished
