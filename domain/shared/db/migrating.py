"""Migrating: bring a database to the newest schema, guards included."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


def config(engine: Engine) -> Config:
    """Alembic's configuration for `engine`, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = engine
    return settings


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade the database to `revision`; safe to repeat."""
    command.upgrade(config(engine), revision)
