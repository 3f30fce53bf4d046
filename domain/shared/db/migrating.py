"""Migrating: bring a database to the newest schema, guards included."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
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


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema; an empty one has not."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(config(engine)).get_current_head()


def newest() -> str:
    """The number of the newest schema that the program knows."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(settings).get_current_head() or ""
