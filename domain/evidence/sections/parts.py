"""Parts: how records of one thing and of what belongs to it are put together; used by several sections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, inspect

from domain.evidence.sources import Record, Sources
from domain.shared.db.rows import AnyRow

OURS = ("why", "reason", "note", "detail")
"""What staff wrote down for themselves: it is not in what a customer gets."""


def by_owner(
    sources: Sources, columns: Sequence[Any], owners: Select[int], *, ours: Collection[str] = OURS
) -> dict[int, list[Record]]:
    """The records of these columns by the id of what they belong to, which their first column names."""
    found: dict[int, list[Record]] = {}
    owner = columns[0]
    order = (owner, *inspect(owner.class_).primary_key)
    for row in sources.rows(*columns, where=[owner.in_(owners)], order=order):
        record = sources.record(row, ours=ours)
        record.pop(owner.key, None)
        found.setdefault(row[0], []).append(record)
    return found


def put_together(
    sources: Sources,
    rows: Sequence[AnyRow],
    parts: Mapping[str, Mapping[int, list[Record]]],
    *,
    ours: Collection[str] = OURS,
) -> list[Record]:
    """Each row as a record with its parts by name; the row's own id is nobody's business outside."""
    told = []
    for row in rows:
        record = sources.record(row, ours=ours)
        record.pop("id", None)
        told.append({**record, **{name: found.get(row.id, []) for name, found in parts.items()}})
    return told
