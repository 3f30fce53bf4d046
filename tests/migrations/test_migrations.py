"""Migrations: they make what the models describe, can be taken back, and put every guard in its place again."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, inspect, text

from domain.shared.db import guards
from domain.shared.db.migrating import config, migrate
from domain.shared.db.session import Database

EVERYTHING = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql",
    "postgresql": """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1
    """,
}
"""What the database itself says of its tables, columns, indexes, constraints and triggers."""


def schema_of(engine: Engine) -> list[str]:
    """The whole schema, a line or statement for each part."""
    with engine.connect() as connection:
        return list(connection.scalars(text(EVERYTHING[connection.dialect.name])))


def test_the_schema_is_what_the_models_describe(engine: Engine) -> None:
    command.check(config(engine))


def test_the_schema_can_be_taken_back_and_made_again(committed_db: Database) -> None:
    engine = committed_db.bind.engine
    before = schema_of(engine)

    command.downgrade(config(engine), "base")
    between = inspect(engine).get_table_names()
    migrate(engine)

    assert between == ["alembic_version"]
    assert schema_of(engine) == before


def test_migrating_again_changes_nothing(committed_db: Database) -> None:
    engine = committed_db.bind.engine
    before = schema_of(engine)

    migrate(engine)

    assert schema_of(engine) == before


def test_every_table_that_only_grows_has_its_guard(engine: Engine) -> None:
    triggers = [part for part in schema_of(engine) if part.startswith("CREATE TRIGGER")]

    unguarded = [table for table in guards.append_only_tables() if not any(f"guard_{table}" in it for it in triggers)]

    assert triggers
    assert unguarded == []
