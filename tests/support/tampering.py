"""Tampering: every way we know to change guarded rows behind the back of the product, as the database's owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Enum, Table, delete, select, text, update

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS
from domain.ledger.model import CHECKPOINTS, CLOSES, ENTRIES, LEAVES, POSTINGS, SEALS, STREAMS
from domain.shared.db.base import UtcDateTime
from domain.shared.db.guards import append_only_tables

LONG_AGO = datetime(2020, 2, 2, tzinfo=UTC)
TABLES = (ENTRIES, POSTINGS, CLOSES, SEALS, LEAVES, CHECKPOINTS, AUDIT_ENTRIES, AUDIT_PAYLOADS)
"""The guarded tables of the ledger and the audit trail, and the payloads that only an erasure may touch."""


@dataclass(frozen=True)
class Edit:
    """One change behind our back: its name, how it is done, and the places of which a check must name one."""

    name: str
    act: Callable[[Connection], Any]
    places: Set[str]


def drop_guards(connection: Connection) -> None:
    """What the database's owner can do to our triggers and foreign keys."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in append_only_tables():
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def edits(connection: Connection) -> Iterator[Edit]:
    """Each column of the first, the middle and the last row of each table changed, and each of those rows deleted."""
    for table in TABLES:
        rows = connection.execute(select(table).order_by(*table.primary_key)).all()
        for row in (rows[0], rows[len(rows) // 2], rows[-1]):
            key = [column == row._mapping[column.name] for column in table.primary_key]
            name = f"{table.name} {', '.join(str(row._mapping[column.name]) for column in table.primary_key)}"
            places = _places(connection, table, row)
            yield Edit(f"delete {name}", _does(delete(table).where(*key)), places)
            for column in table.c:
                change = {column.name: _other(column, row._mapping[column.name])}
                yield Edit(f"edit {name}: {column.name}", _does(update(table).where(*key).values(change)), places)


def _does(statement: Any) -> Callable[[Connection], Any]:
    return lambda connection: connection.execute(statement)


def _other(column: Column[Any], value: Any) -> Any:
    """Another value that the column takes."""
    if isinstance(column.type, Enum):
        return next(other for other in column.type.enum_class or () if other != value)
    if isinstance(column.type, UtcDateTime):
        return LONG_AGO if value is None else value + timedelta(seconds=1)
    if value is None:
        return {int: 77, str: "x", bytes: b"x", date: LONG_AGO.date()}[column.type.python_type]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_000
    if isinstance(value, str):
        return "USD" if value == "GBP" else f"{value}x"
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return value + timedelta(days=1)


def _places(connection: Connection, table: Table, row: Any) -> set[str]:
    """Where a finding about this row may point: at the row itself, or where its absence is felt."""
    if table is ENTRIES:
        return entry_places(connection, row.id)
    if table is POSTINGS:
        return entry_places(connection, row.entry_id)
    if table is SEALS:
        return {f"seal {row.number}", f"seal {row.number + 1}"}
    if table is LEAVES:
        return {f"seal {row.seal_number}"}
    if table is CHECKPOINTS:
        return {f"seal {row.seal_number}, {row.ledger_account} {row.currency}"}
    if table is CLOSES:
        streams = connection.execute(select(STREAMS.c.key)).scalars()
        return {f"close {row.number}", f"close {row.number + 1}", *streams}
    return {f"audit_entry {row.id}"}


def entry_places(connection: Connection, entry_id: int) -> set[str]:
    """An entry's place in its stream, the place after it, and for the last entry the stream's end."""
    entry = connection.execute(
        select(STREAMS.c.key, STREAMS.c.head_seq, ENTRIES.c.seq)
        .join_from(ENTRIES, STREAMS, STREAMS.c.id == ENTRIES.c.stream_id)
        .where(ENTRIES.c.id == entry_id)
    ).one()
    end = {entry.key} if entry.seq == entry.head_seq else set()
    return {f"{entry.key}, entry {entry.seq}", f"{entry.key}, entry {entry.seq + 1}", *end}
