"""Backfill: find at the processor what no webhook told us of, now."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from app.commands.asking import asking
from app.commands.common import check_schema
from app.commands.figures import DAY
from app.handlers.backfilling import backfill as walk
from app.settings import read_settings
from app.wiring import wired


@click.command()
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="From which day on (UTC); from the bookmarks by default.")
def backfill(since: datetime | None) -> None:
    """Walk everything at the processor and book what is missing; the worker does it every few minutes.

    Ends with 1 when anything could not be dealt with: it is named, and the next walk comes back to it.
    """
    settings = read_settings()
    with asking(settings), wired(settings) as everything:
        check_schema(settings, everything.database)
        found = walk(everything, since and since.replace(tzinfo=UTC))
    click.echo(f"Looked at {found.looked} objects, booked {found.booked} movements.")
    for name in found.left:
        click.echo(f"Left for the next time: {name}")
    if found.left:
        raise SystemExit(1)
