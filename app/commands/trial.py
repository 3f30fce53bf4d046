"""Trial: what a policy's draft would have done over past days, beside what happened, for people and as JSON."""

from __future__ import annotations

from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from app.commands.common import books, print_json
from app.commands.figures import DAY, as_json
from domain.reporting.trial import scope
from domain.reporting.trial.columns import COLUMNS
from domain.reporting.trial.exporting import shown, trial_report
from domain.reporting.trial.trying import Trial, try_out, usual_period
from domain.reporting.trial.values import Column


@click.command()
@click.argument("policy")
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help="The first day; a year ago by default.")
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help="The last day; yesterday by default.")
@click.option("--all", "on_all", is_flag=True, help="On all accounts, not only those that the policy rules.")
@click.option("--group", metavar="NAME", help="On the accounts of this group.")
@as_json
def trial(
    policy: str, first: datetime | None, last: datetime | None, on_all: bool, group: str | None, json_wanted: bool
) -> None:
    """Try the draft of POLICY (a name), or its last version where nothing is being written, on past days.

    Nothing is written. docs/terms.md describes what is assumed, and the JSON.
    """
    if on_all and group is not None:
        raise click.UsageError("Choose --all or --group.")
    with books() as database, database.reading() as session:
        policy_id = scope.policy_named(session, policy)
        usual = usual_period(session)
        found = try_out(
            session,
            scope.tried_sections(session, policy_id),
            scope.accounts_of(session, policy_id, _whom(session, on_all=on_all, group=group)),
            first.date() if first else usual[0],
            last.date() if last else usual[1],
        )
    if json_wanted:
        print_json(trial_report(found))
    else:
        _tell(found)


def _whom(session: Session, *, on_all: bool, group: str | None) -> str:
    if on_all:
        return scope.ALL
    return scope.RULED if group is None else f"{scope.GROUP}{scope.group_named(session, group)}"


def _tell(found: Trial) -> None:
    click.echo(f"{found.accounts:,} accounts, {found.first} to {found.last}.")
    for each in found.currencies:
        table = Table("", title=each.currency)
        for head in ("Tried", "Accounts", "In force", "Happened"):
            table.add_column(head, justify="right")
        for column in COLUMNS:
            total = each.totals[column.key]
            table.add_row(
                column.name,
                _shown(total.would, column, each.currency),
                f"{total.accounts_would:,}",
                _shown(total.in_force, column, each.currency),
                _shown(total.was, column, each.currency),
            )
            for kind, number in each.kinds.get(column.key, ()):
                table.add_row(
                    f"  {kind.name}",
                    _shown(number.would, column, each.currency),
                    f"{number.accounts_would:,}",
                    _shown(number.in_force, column, each.currency),
                    _shown(number.was, column, each.currency),
                )
        Console().print(table)
    for (reference, day), count in sorted(found.missing.items()):
        click.echo(
            f"No rate of {reference} is known for {day}: the interest of {count:,} invoices is left out.", err=True
        )


def _shown(number: int, column: Column, currency: str) -> str:
    value = shown(number, column.unit, currency)
    return f"{value:,}" if isinstance(value, int) else str(value)
