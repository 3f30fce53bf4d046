"""Databases to measure on: migrated and durable, SQLite as a file and PostgreSQL with every commit on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from domain.shared.business import Business
from domain.shared.clock import SystemClock
from domain.shared.db.engine import open_engine
from domain.shared.db.migrating import migrate
from domain.shared.db.session import Database
from tests.support.postgresql import running

ENGINES = ("SQLite", "PostgreSQL")
BUSINESS = Business(name="Harbour Supplies Ltd", email="accounts@harbour.example", phone="+44 20 7946 0000")


def new_database(engine: str, folder: Path, name: str) -> str:
    """The address of a new database with the schema and nothing in it; what holds it lives as long as this process."""
    if engine == "SQLite":
        url = f"sqlite:///{folder / name}.db"
    else:
        cluster = running(folder / "postgresql", run_id=os.getpid(), durable=True)
        cluster.create(name)
        url = cluster.url(name)
    with opened(url) as database:
        migrate(database.bind)  # type: ignore[arg-type]
    return url


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database, with its connections closed at the end."""
    engine = open_engine(url)
    try:
        yield Database(engine, SystemClock(), BUSINESS)
    finally:
        engine.dispose()


def get_to_know(engine: Engine) -> None:
    """Let the planner count the rows, as a database in use does by itself."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
