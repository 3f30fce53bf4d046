"""Sealed rows: how a table of append-only rows asks to be covered by the ledger's seals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Select, Table

from domain.shared.db.base import Base

SEALED = "sealed"
"""The key in `Table.info` under which a table keeps its `SealedRows`."""


@dataclass(frozen=True, slots=True)
class SealedRows:
    """What a seal needs to know of a table.

    The table has `id`, `digest` and `hash`, where `hash` is `row_hash(table name, columns)` and `digest` is the
    `salted_digest` of the payload. The side table `payloads` has `id` (the same), `salt`, `payload` and `erased_at`
    and `ground` (an erased payload has neither salt nor text), and `sealed`, false until a seal covers the row.
    `erasures` selects the ids, as text, of the rows whose erasure is on record.
    """

    columns: tuple[str, ...]
    payloads: str
    erasures: Callable[[], Select[str]]


def sealed_tables() -> list[tuple[Table, Table, SealedRows]]:
    """Each table whose rows are sealed, with its side table and its description, in order of name."""
    found = []
    for name, table in sorted(Base.metadata.tables.items()):
        rows = table.info.get(SEALED)
        if isinstance(rows, SealedRows):
            found.append((Base.metadata.tables[name], Base.metadata.tables[rows.payloads], rows))
    return found
