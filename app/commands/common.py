"""Common: how every command opens the books, and how it prints JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from app.opening import opened_database
from app.settings import Settings, read_settings
from domain.shared.db.migrating import is_current, migrate
from domain.shared.db.session import Database

OUTDATED = "The database does not have the present schema: run `quittance migrate` first."


@contextmanager
def books(settings: Settings | None = None) -> Iterator[Database]:
    """The database, with the present schema."""
    with opened_database(settings := settings or read_settings()) as database:
        check_schema(settings, database)
        yield database


def check_schema(settings: Settings, database: Database) -> None:
    """Refuse to work on an old schema; a SQLite database that is not there yet is made."""
    engine = database.bind.engine
    if settings.database_file is not None and not settings.database_file.exists():
        migrate(engine)
    elif not is_current(engine):
        raise click.ClickException(OUTDATED)


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write JSON to standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
