"""Rates: enter the reference rates from a file, note that one is complete, and say which are missing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from app.commands.common import books, print_json
from app.commands.figures import DAY, as_json
from domain.importing.rates import BadRows, import_rates
from domain.late_charges.days import settle_known
from domain.policies.reference_rates import (
    PUBLISHED,
    entered,
    looked_up,
    missing_today,
    rate_table,
    vouch,
)
from domain.policies.sections import Reference
from domain.shared.actor import OPERATOR

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def rates() -> None:
    """Reference rates: what central banks publish and late interest follows."""


@rates.command("import", short_help="Enter the rates of a CSV file.")
@click.argument("file", type=FILE)
def import_file(file: Path) -> None:
    """Enter the rates of a CSV file: all of it, or nothing. docs/terms.md describes its columns."""
    try:
        with books() as database, file.open("rb") as stream, database.transaction() as session:
            found = import_rates(session, stream, actor=OPERATOR)
    except BadRows as problem:
        rows = [f"Row {row.number}: {row.problem}" for row in problem.rows]
        raise click.ClickException("\n".join((str(problem), *rows))) from problem
    click.echo(f"{found.added:,} rates entered, {found.known:,} known already.")


@rates.command("complete", short_help="Note that no change is missing up to a day.")
@click.argument("reference", type=click.Choice([each.value for each in PUBLISHED]))
@click.argument("through", type=DAY, metavar="YYYY-MM-DD")
def complete(reference: str, through: datetime) -> None:
    """Note that no change of a rate is missing up to a day, because somebody has looked it up."""
    with books() as database, database.transaction() as session:
        further = vouch(session, Reference(reference), through.date(), actor=OPERATOR)
        settle_known(session)
    click.echo("Noted." if further else "That was known already.")


@rates.command("show", short_help="Show each rate, and what is missing today.")
@as_json
def show(json_wanted: bool) -> None:
    """Show each rate since when it holds, through which day it is complete, and what is missing today."""
    with books() as database, database.reading() as session:
        table, through, missing = rate_table(session), looked_up(session), missing_today(session)
        sources = {(row.reference, row.from_on): row.source for row in reversed(entered(session))}
    if json_wanted:
        print_json(
            {
                "rates": [
                    {
                        "reference": reference.value,
                        "from": day.isoformat(),
                        "percent": str(rate),
                        "source": sources[reference, day],
                    }
                    for reference, steps in table.rates.items()
                    for day, rate in steps
                ],
                "complete_through": {reference.value: day.isoformat() for reference, day in through.items()},
                "missing": [{"reference": each.reference.value, "day": each.day.isoformat()} for each in missing],
            }
        )
        return
    for reference, steps in table.rates.items():
        click.echo(f"{reference.value}, complete through {through.get(reference, 'no day yet')}")
        for day, rate in steps:
            click.echo(f"  {day}  {rate} %")
    for each in missing:
        click.echo(str(each), err=True)
