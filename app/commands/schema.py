"""Schema: the command that brings the database up to date."""

from __future__ import annotations

import click

from app.opening import opened_database
from app.settings import read_settings
from domain.shared.db.migrating import is_current, migrate


@click.command("migrate")
def migrate_schema() -> None:
    """Bring the database to the newest schema.

    Safe to repeat. Make a backup first, and stop `quittance serve` meanwhile.
    """
    with opened_database(read_settings()) as database:
        if is_current(database.bind.engine):
            click.echo("The database has the newest schema already.")
            return
        migrate(database.bind.engine)
        click.echo("The database has the newest schema now.")
