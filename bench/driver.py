"""The bare driver: connections of sqlite3 and psycopg, with the durability that the house asks for, and no more."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any, Final

import psycopg
from sqlalchemy import make_url

PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-32000")


def connect(url: str) -> Any:
    """A connection for `url`: SQLite's begins its transactions when it is told to, PostgreSQL's by itself."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return psycopg.connect(host=str(address.query["host"]), user=address.username, dbname=address.database)
    connection = sqlite3.connect(str(address.database), isolation_level=None, check_same_thread=False, timeout=30)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def on_sqlite(url: str) -> bool:
    """Whether the driver is sqlite3."""
    return url.startswith("sqlite")


def written_for(url: str, statement: str) -> str:
    """A statement with `?` for its values, in the words of the driver: the two differ in this and in their locks."""
    return statement.replace(" FOR UPDATE", "") if on_sqlite(url) else statement.replace("?", "%s")


def day(stored: str | date) -> date:
    """A day as the driver gives it back: sqlite3 has text."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored
