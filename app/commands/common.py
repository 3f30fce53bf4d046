"""Common: how every command opens the books, and how it says what is wrong: in one sentence, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from app.environment import WrongSetting
from app.settings import Settings, read_settings
from app.wiring import opened_database
from domain.shared.db.migrating import is_current, migrate
from domain.shared.db.session import Database
from domain.shared.errors import Refused

OUTDATED = "The database does not have the present schema: run `quittance migrate` first."


class Sentences(click.Group):
    """A group whose commands end with a sentence when a setting, the database or a rule says no."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (WrongSetting, Refused) as problem:
            raise click.ClickException(str(problem)) from problem
        except OperationalError as problem:
            raise click.ClickException(f"The database does not answer: {problem.orig}") from problem


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
