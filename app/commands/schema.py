"""Schema: the command that brings the database up to date."""

from __future__ import annotations

import click
from sqlalchemy import make_url

from app.opening import opened_database
from app.settings import read_settings
from domain.shared.db.migrating import is_current, migrate


@click.command("migrate")
def migrate_schema() -> None:
    """Bring the database to the newest schema.

    Safe to repeat. Make a backup first, and stop `quittance serve` meanwhile.
    """
    settings = read_settings()
    name = settings.database_file or make_url(settings.database_url).set(password=None).render_as_string()
    with opened_database(settings) as database:
        if is_current(database.bind.engine):
            click.echo(f"{name} has the newest schema already.")
            return
        migrate(database.bind.engine)
        click.echo(f"{name} has the newest schema now.")
