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
NONE_THERE = (
    "There are no books in {file}. Run this with the settings that `quittance serve` has (docs/operations.md), "
    "or begin here with `quittance migrate`."
)


@contextmanager
def books(settings: Settings | None = None, *, may_begin: bool = False) -> Iterator[Database]:
    """The database, with the present schema; a command that `may_begin` makes a SQLite database where there is none."""
    with opened_database(settings := settings or read_settings()) as database:
        check_schema(settings, database, may_begin=may_begin)
        yield database


def check_schema(settings: Settings, database: Database, *, may_begin: bool = False) -> None:
    """Refuse to work on an old schema, and on books that are not there: their settings are likely to be elsewhere."""
    engine = database.bind.engine
    if settings.database_file is not None and not settings.database_file.exists():
        if not may_begin:
            raise click.ClickException(NONE_THERE.format(file=settings.database_file))
        migrate(engine)
        click.echo(f"New books: {settings.database_file}", err=True)
    elif not is_current(engine):
        raise click.ClickException(OUTDATED)


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write JSON to standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
