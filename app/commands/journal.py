"""Journal: write the ledger for hledger or beancount."""

from __future__ import annotations

from datetime import datetime

import click

from app.commands.common import books
from app.commands.figures import DAY
from domain.reporting.journal import JournalFormat
from domain.reporting.journal import journal as lines_of


@click.command()
@click.option("--format", "form", type=click.Choice([one.value for one in JournalFormat]), required=True)
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help="The first day; the whole ledger by default.")
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help="The last day.")
def journal(form: str, first: datetime | None, last: datetime | None) -> None:
    """Write every entry to standard output, for hledger or beancount to add up again."""
    with books() as database, database.reading() as session:
        for line in lines_of(session, JournalFormat(form), first=first and first.date(), last=last and last.date()):
            click.echo(line)
