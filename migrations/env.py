"""How Alembic reaches the tables and runs a migration: one transaction, guards put back in place at its end."""

import pkgutil
from importlib import import_module
from typing import Any, Literal

from alembic import context
from alembic.operations.ops import CreateTableOp
from sqlalchemy import Connection, Engine, TypeDecorator, text

import domain
from domain.shared.db import guards, trigrams, words
from domain.shared.db.base import Base
from domain.shared.db.engine import WRITES

for module in pkgutil.walk_packages(domain.__path__, "domain."):
    if module.name.endswith(".model"):
        import_module(module.name)


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types in migrations as the types beneath them."""
    ours = kind == "type" and isinstance(item, TypeDecorator)
    return f"sa.{item.impl_instance!r}" if ours else False


def without_info(context: Any, revision: Any, directives: list[Any]) -> None:
    """Leave out of migrations what `Table.info` says: guards and seals read it from the models."""
    for operation in directives[0].upgrade_ops.ops:
        if isinstance(operation, CreateTableOp):
            operation.info = {}


def run(connection: Connection) -> None:
    """Migrate on one connection, in one transaction."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        render_item=render_item,
        process_revision_directives=without_info,
        compare_type=True,
        include_name=lambda name, kind, parents: not (words.is_ours(name) or trigrams.is_ours(name)),
        transactional_ddl=True,
    )
    with connection.execution_options(**{WRITES: True}).begin():
        context.run_migrations()
        guards.install(connection)
        words.install(connection)
        trigrams.install(connection)
        if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("the migration would leave rows that refer to nothing")
    if sqlite:
        connection.connection.execute("PRAGMA foreign_keys=ON")


engine: Engine = context.config.attributes["engine"]
with engine.connect() as connection:
    run(connection)
