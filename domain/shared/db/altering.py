"""Altering: what migrations need and Alembic does not do alike on both engines."""

from __future__ import annotations

import re

from alembic import op
from sqlalchemy import text


def change_check(table: str, name: str, condition: str) -> None:
    """Give the constraint `name` of `table` another condition.

    PostgreSQL changes it in place. SQLite cannot, and Alembic's batch mode would lose the other CHECKs: the table is
    made again from its own words. The guards are put back at the end of the migration.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, condition)
        return
    made = _made(table)
    start = re.search(rf"CONSTRAINT\s+\"?{name}\"?\s+CHECK\s*\(", made)
    if start is None:
        raise LookupError(f"{table} has no CHECK called {name}")
    _make_again(table, f"{made[: start.end()]}{condition}{made[_closing(made, start.end()) :]}")


def allow_empty(table: str, column: str, *, allowed: bool = True) -> None:
    """Let a column be empty, or no longer; the table is made again on SQLite, as for `change_check`."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=allowed)
        return
    before, after = (" NOT NULL", "") if allowed else ("", " NOT NULL")
    remade, found = re.subn(rf"(\b{column} \w+){before}(?=\s*,)", rf"\1{after}", _made(table), count=1)
    if not found:
        raise LookupError(f"{table} has no column {column} that could be changed so")
    _make_again(table, remade)


def _made(table: str) -> str:
    """The words by which SQLite made a table."""
    wanted = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    return str(op.get_bind().execute(wanted, {"table": table}).scalar_one())


def _make_again(table: str, words: str) -> None:
    """Make a table of SQLite's again by other words, with its rows and indexes."""
    connection = op.get_bind()
    indexes = connection.scalars(
        text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"),
        {"table": table},
    ).all()
    remade = re.sub(rf"CREATE TABLE\s+\"?{table}\"?", f'CREATE TABLE "{table}_remade"', words, count=1)
    columns = ", ".join(f'"{row.name}"' for row in connection.execute(text(f'PRAGMA table_info("{table}")')))
    op.execute(remade)
    op.execute(f'INSERT INTO "{table}_remade" ({columns}) SELECT {columns} FROM "{table}"')
    op.execute(f'DROP TABLE "{table}"')
    op.execute("PRAGMA legacy_alter_table=ON")
    op.execute(f'ALTER TABLE "{table}_remade" RENAME TO "{table}"')
    op.execute("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        op.execute(index)


def _closing(words: str, start: int) -> int:
    """Where the parenthesis closes that was opened just before `start`."""
    depth, quoted = 1, False
    for place in range(start, len(words)):
        letter = words[place]
        quoted ^= letter == "'"
        if not quoted:
            depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place
    raise ValueError("a parenthesis is never closed")
