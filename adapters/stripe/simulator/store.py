"""Every record of the simulator, in memory in the order of making, and in a SQLite file if it has to last."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

Json = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
)
"""


def copied(record: Json) -> Json:
    """A copy through and through; records are plain JSON, so this is far cheaper than `copy.deepcopy`."""
    twin: Json = msgspec.json.decode(msgspec.json.encode(record))
    return twin


def written(record: Json) -> bytes:
    """A record as Stripe writes it: JSON on many lines, by two spaces."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2)


@dataclass(frozen=True)
class Records:
    """All records of a store at a moment; a record is never changed once it is put, so that copies share them."""

    by_kind: dict[str, dict[str, Json]]
    places: dict[tuple[str, str], int]
    next_place: int


class Store:
    """Records by kind and key; the caller holds the simulator's lock."""

    def __init__(self, path: Path | None = None) -> None:
        self._records: dict[str, dict[str, Json]] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._next_place = 1
        self._dirty: set[tuple[str, str]] = set()
        self._file = self._open(path) if path is not None else None

    def put(self, kind: str, key: str, record: Json) -> None:
        """Keep a record, new or changed; a changed one keeps its place in the order."""
        if (kind, key) not in self._places:
            self._places[kind, key] = self._next_place
            self._next_place += 1
        self._records.setdefault(kind, {})[key] = record
        self._dirty.add((kind, key))

    def get(self, kind: str, key: str) -> Json | None:
        """The record itself, which must not be changed in place, or nothing."""
        return self._records.get(kind, {}).get(key)

    def remove(self, kind: str, key: str) -> None:
        """Forget a record, if it is there."""
        self._records.get(kind, {}).pop(key, None)
        self._places.pop((kind, key), None)
        self._dirty.add((kind, key))

    def all(self, kind: str) -> list[Json]:
        """The records of a kind, oldest first."""
        return list(self._records.get(kind, {}).values())

    def copy(self) -> Records:
        """All records as they are."""
        by_kind = {kind: dict(records) for kind, records in self._records.items()}
        return Records(by_kind, dict(self._places), self._next_place)

    def replace(self, records: Records) -> None:
        """Make the records what they were when they were copied."""
        self._dirty |= self._places.keys() | records.places.keys()
        self._records = {kind: dict(found) for kind, found in records.by_kind.items()}
        self._places = dict(records.places)
        self._next_place = records.next_place

    def save(self) -> None:
        """Write what changed since the last time to the file, if there is one."""
        if self._file is not None and self._dirty:
            with self._file:
                for kind, key in self._dirty:
                    self._write(self._file, kind, key)
        self._dirty.clear()

    def close(self) -> None:
        """Save and let go of the file."""
        self.save()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, file: sqlite3.Connection, kind: str, key: str) -> None:
        record = self.get(kind, key)
        if record is None:
            file.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))
            return
        file.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, self._places[kind, key], msgspec.json.encode(record).decode()),
        )

    def _open(self, path: Path) -> sqlite3.Connection:
        file = sqlite3.connect(path, check_same_thread=False)
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = NORMAL")
        with file:
            file.execute(_SCHEMA)
        for kind, key, place, body in file.execute("SELECT kind, key, place, body FROM records ORDER BY place"):
            self._records.setdefault(kind, {})[key] = msgspec.json.decode(body)
            self._places[kind, key] = place
            self._next_place = place + 1
        return file
