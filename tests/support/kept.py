"""Kept databases: an engine that stays open between tests, and its database, which is emptied after each of them.

To make a database, open it and prepare every statement anew costs more than most tests do.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from tests.support.databases import Databases, opened

WORN_OUT = 200
"""After so many tests a database of PostgreSQL is replaced: what was deleted from its tables lies in their files."""
CHANGED_SCHEMA = " UNION ALL ".join(
    f"SELECT count(*), max(xmin::text::bigint) FROM {catalog}"
    for catalog in ("pg_class", "pg_attribute", "pg_constraint", "pg_proc", "pg_trigger")
)
USED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
AND pg_relation_size(oid) > 0
"""
"""The tables that had rows at any time: to look into all there are costs more than to empty those few."""
RESTART_SEQUENCES = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
STOP_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class Kept:
    """One database and the engine on it."""

    def __init__(self, databases: Databases) -> None:
        self._stack = ExitStack()
        self.engine = self._stack.enter_context(opened(self._stack.enter_context(databases.fresh())))
        self._lent = 0
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _trust_the_machine)
            self._empty_file = Path(f"{self.engine.url.database}.empty")
            shutil.copyfile(self.engine.url.database or "", self._empty_file)
        else:
            with self.engine.connect() as connection:
                self._schema = _schema(connection)

    def empty(self) -> bool:
        """Make the database what it was at first, and say whether it can serve another test."""
        self._lent += 1
        if self._is_held() or self.engine.dispatch.before_cursor_execute:
            return False
        if self.engine.dialect.name == "sqlite":
            self._replace_file()
            return True
        return self._lent < WORN_OUT and self._delete_rows()

    def close(self) -> None:
        """Remove it."""
        self._stack.close()

    def _is_held(self) -> bool:
        """Whether somebody, a thread perhaps, still has a connection: it could write after the test."""
        return bool(self.engine.pool.checkedout())  # type: ignore[attr-defined]

    def _replace_file(self) -> None:
        self.engine.dispose()
        path = Path(self.engine.url.database or "")
        for old in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            old.unlink(missing_ok=True)
        shutil.copyfile(self._empty_file, path)

    def _delete_rows(self) -> bool:
        with self.engine.connect() as connection, connection.begin():
            connection.execute(text(STOP_OTHERS))
            if _schema(connection) != self._schema:
                return False
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            if used := connection.scalars(text(USED)).all():
                filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in used)
                for name in connection.scalars(text(filled)).all():
                    connection.execute(text(f"DELETE FROM {name}"))
                connection.execute(text(RESTART_SEQUENCES))
        return True


class Shelf:
    """The kept databases of one kind that nobody uses at the moment."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._free: list[Kept] = []

    @contextmanager
    def lent(self) -> Iterator[Engine]:
        """An engine on an empty database, for somebody who really commits; nothing of it is seen by the next."""
        kept = self._free.pop() if self._free else Kept(self._databases)
        is_fit = False
        try:
            yield kept.engine
            is_fit = kept.empty()
        finally:
            if is_fit:
                self._free.append(kept)
            else:
                kept.close()

    def clear(self) -> None:
        """Remove them all."""
        while self._free:
            self._free.pop().close()


def _schema(connection: Connection) -> Sequence[Any]:
    """Something that changes with every table, column, rule and trigger."""
    return connection.execute(text(CHANGED_SCHEMA)).all()


def _trust_the_machine(connection: Any, _: object) -> None:
    """Do not wait for the disk: nothing here is meant to outlive a loss of power."""
    connection.execute("PRAGMA synchronous = OFF")
