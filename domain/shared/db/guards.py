"""Guards: triggers by which the database itself refuses to change or delete rows that are only ever added."""

from __future__ import annotations

from sqlalchemy import Connection, text

from domain.shared.db.base import Base

APPEND_ONLY = "append_only"
"""The key in `Table.info` of a table whose rows never change: `__table_args__ = {"info": {APPEND_ONLY: True}}`."""

FUNCTION = """
CREATE OR REPLACE FUNCTION quittance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = '23514';
END $$
"""


def append_only_tables() -> list[str]:
    """The names of all guarded tables, in order."""
    return sorted(table.name for table in Base.metadata.tables.values() if table.info.get(APPEND_ONLY))


def install(connection: Connection) -> None:
    """Put every guard in place; safe to repeat, and done after each migration (batch mode drops triggers)."""
    present = set(connection.dialect.get_table_names(connection))
    tables = [name for name in append_only_tables() if name in present]
    if connection.dialect.name == "sqlite":
        _install_on_sqlite(connection, tables)
    else:
        _install_on_postgresql(connection, tables)


def _install_on_sqlite(connection: Connection, tables: list[str]) -> None:
    for table in tables:
        for act in ("UPDATE", "DELETE"):
            name = f"guard_{table}_{act.lower()}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(
                text(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN "
                    f"SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
                )
            )


def _install_on_postgresql(connection: Connection, tables: list[str]) -> None:
    connection.execute(text(FUNCTION))
    for table in tables:
        for name, act, each in (
            (f"guard_{table}", "UPDATE OR DELETE", "ROW"),
            (f"guard_{table}_all", "TRUNCATE", "STATEMENT"),
        ):
            connection.execute(
                text(
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION quittance_append_only()"
                )
            )
