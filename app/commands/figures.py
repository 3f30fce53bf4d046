"""Figures: ageing and key figures as of any day, for people and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from app.commands.common import books, print_json
from domain.reporting.reports import ageing_report, figures_report
from domain.shared.db.session import today

Command = TypeVar("Command", bound=Callable[..., Any])

DAY = click.DateTime(["%Y-%m-%d"])

FIGURE_WORDS = {
    "credit_sales": "Credit sales",
    "opening_receivable": "Receivable at the start",
    "closing_receivable": "Receivable at the end",
    "closing_current": "Of which not yet due",
    "dso": "Days sales outstanding (DSO)",
    "best_possible_dso": "Best possible DSO",
    "average_days_delinquent": "Average days delinquent",
    "count_back_dso": "Count-back DSO",
    "cei": "Collection effectiveness (CEI)",
    "weighted_average_delay": "Weighted average delay, days",
    "grade": "Grade",
    "invoice_lag": "Days from delivery to invoice",
}


def as_json(command: Command) -> Command:
    """The option `--json`."""
    return click.option("--json", "json_wanted", is_flag=True, help="Print JSON instead of a table.")(command)


@click.command()
@click.option("--as-of", "as_of", type=DAY, metavar="YYYY-MM-DD", help="At the end of which day; today by default.")
@as_json
def ageing(as_of: datetime | None, json_wanted: bool) -> None:
    """Show what was owed at the end of a day, by how long it was overdue."""
    with books() as database, database.reading() as session:
        day = as_of.date() if as_of is not None else today(session)
        report = ageing_report(session, day)
    if json_wanted:
        print_json(report)
        return
    for currency, aged in report["currencies"].items():
        Console().print(_ageing_table(currency, aged, day))


@click.command()
@click.option("--from", "first", type=DAY, required=True, metavar="YYYY-MM-DD", help="The first day of the period.")
@click.option("--to", "last", type=DAY, required=True, metavar="YYYY-MM-DD", help="The last day of the period.")
@as_json
def figures(first: datetime, last: datetime, json_wanted: bool) -> None:
    """Show credit sales, DSO, CEI and the other key figures of a period."""
    with books() as database, database.reading() as session:
        report = figures_report(session, first.date(), last.date())
    if json_wanted:
        print_json(report)
        return
    for currency, found in report["currencies"].items():
        Console().print(_figures_table(currency, found))


def _ageing_table(currency: str, aged: Mapping[str, Any], day: date) -> Table:
    table = Table(f"Days overdue on {day}", title=currency)
    table.add_column("Amount", justify="right")
    table.add_column("Invoices", justify="right")
    table.add_column("Of which disputed", justify="right")
    contested = aged["of_which_disputed"]
    for bucket, share in aged["buckets"].items():
        table.add_row(bucket, share["amount"], str(share["count"]), contested[bucket])
    credit = aged["unapplied_credit"]
    unapplied = f"-{credit['amount']}" if credit["count"] else credit["amount"]
    table.add_row("unapplied credit", unapplied, str(credit["count"]), "", end_section=True)
    table.add_row("total", aged["total"], "", contested["open"])
    return table


def _figures_table(currency: str, found: Mapping[str, Any]) -> Table:
    table = Table(f"{found['days']} days", title=currency)
    table.add_column("", justify="right")
    for name, words in FIGURE_WORDS.items():
        table.add_row(words, "–" if found[name] is None else str(found[name]))
    return table
