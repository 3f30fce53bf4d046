"""Tie-out: does everything at the processor add up? For people, and as JSON."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from app.commands.asking import asking
from app.commands.common import check_schema, print_json
from app.commands.figures import DAY, as_json
from app.handlers.tying import tie_out as compare
from app.settings import read_settings
from app.wiring import wired
from domain.reporting.adding_up import VERDICT_WORDS, AddingUp, adding_up, as_values
from domain.reporting.waiting_money import TO_EXPLAIN, Standing
from domain.shared.db.session import today


@click.command("tie-out")
@click.option("--date", "day", type=DAY, metavar="YYYY-MM-DD", help="Which day; today by default.")
@click.option("--offline", is_flag=True, help="Do not ask the processor: compare the books with themselves.")
@as_json
def tie_out(day: datetime | None, offline: bool, json_wanted: bool) -> None:
    """Compare what the processor reports of a day with the books, tie its payouts, and name what waits now.

    Ends with 0 when every cent is accounted for, and with 1 when anything differs.
    """
    settings = read_settings()
    with nullcontext() if offline else asking(settings), wired(settings) as everything:
        check_schema(settings, everything.database)
        with everything.database.reading() as session:
            wanted = today(session) if day is None else day.date()
        found = None if offline else compare(everything, wanted, wanted)
        with everything.database.reading() as session:
            found = found or adding_up(session, wanted, wanted)
            values = as_values(session, found)
    if json_wanted:
        print_json(values)
    else:
        _print(found)
    if not found.adds_up:
        raise SystemExit(1)


def _print(found: AddingUp) -> None:
    """The page's own words and signs: the verdict, the sums of each day, what does not add up, and what waits."""
    click.echo(VERDICT_WORDS[found.verdict])
    console = Console()
    for day in found.days:
        table = Table(str(day.day), title=day.currency)
        table.add_column("", justify="right")
        table.add_row("At the processor", "not asked yet" if day.reported is None else str(day.reported.decimal))
        table.add_row("In our books", str(day.posted.decimal))
        table.add_row("Paid by customers", str(day.paid.decimal))
        table.add_row("On their accounts", str(day.credited.decimal))
        table.add_row("Difference", str(day.difference.decimal))
        console.print(table)
    for gap in found.gaps:
        click.echo(f"Does not add up: {gap.about}, off by {max(gap.amount, -gap.amount)}")
    for movement in found.missing:
        click.echo(f"Missing in our books: {movement.external_id} ({movement.category}), {movement.amount}")
    for payout in found.payouts:
        named = "made by hand" if payout.named is None else f"{payout.named.decimal} named in it"
        click.echo(f"Payout {payout.external_id}: {payout.amount}, {payout.state.value}, {named}")
    for standing in found.standings:
        kind = "Somebody has to say what this is" if standing.ledger_account in TO_EXPLAIN else "On its way"
        name, amount = standing.ledger_account.line.name, standing.as_read(standing.balance)
        click.echo(f"{kind}: {name}, {amount}: {_what(standing)}")


def _what(standing: Standing) -> str:
    """What stands there, by kind: a minus is easier to understand once it says of what."""
    kinds = Counter(item.words for item in standing.items)
    return ", ".join(f"{count} × {words}" for words, count in kinds.items()) or "nothing that has a name"
