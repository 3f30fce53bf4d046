"""The `quittance` command: what an operator can do, each group of commands in its own file."""

from __future__ import annotations

import click

from app.commands.books import check_books, close_books, seal_books
from app.commands.common import Sentences
from app.commands.demo import demo
from app.commands.figures import ageing, figures
from app.commands.import_ import import_file
from app.commands.schema import migrate_schema
from app.commands.serving import health, serve, work
from app.commands.staff import staff


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Quittance: invoices, statements and payments over one honest ledger.

    Try it with `quittance demo`. Settings come from the environment; docs/operations.md lists them all.
    """


for command in (
    demo,
    serve,
    work,
    migrate_schema,
    staff,
    import_file,
    ageing,
    figures,
    check_books,
    close_books,
    seal_books,
    health,
):
    main.add_command(command)
