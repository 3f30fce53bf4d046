"""Books: check them, show what stands in them, seal them, close them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TextIO

import click
from rich.console import Console
from rich.table import Table

from app.commands.common import books, print_json
from app.commands.figures import DAY, as_json
from domain.audit.recording import record
from domain.ledger.balances import trial_balance
from domain.ledger.check_seals import against
from domain.ledger.closing import close_books as close
from domain.ledger.sealing import seal
from domain.processing import checks
from domain.shared.actor import OPERATOR


@click.command("check-books")
@click.option("--heads", type=click.File(), help="What `quittance seal` printed: are the seals still these?")
@as_json
def check_books(heads: TextIO | None, json_wanted: bool) -> None:
    """Check every entry, chain, seal, balance and open amount.

    Ends with 0 when all is well, and with 1 and the place of each finding when anything is off.
    """
    exported = [against(_read(heads))] if heads else []
    with books() as database, database.reading() as session:
        findings = checks.check_books(session, also=exported)
    if json_wanted:
        print_json({"clean": not findings, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{finding.place}: {finding.words} (expected {finding.expected}, found {finding.found})")
        click.echo("The books are in order." if not findings else f"{len(findings)} things are off.")
    if findings:
        raise SystemExit(1)


@click.command()
@click.option("--as-of", type=DAY, metavar="YYYY-MM-DD", help="At the end of which day; now by default.")
@click.option("--known-on", type=DAY, metavar="YYYY-MM-DD", help="Only what was recorded before this day ended.")
@as_json
def balances(as_of: datetime | None, known_on: datetime | None, json_wanted: bool) -> None:
    """Show what stands on each ledger account: debits positive, zero in each currency."""
    with books() as database, database.reading() as session:
        lines = trial_balance(session, as_of and as_of.date(), known_on=known_on and known_on.date())
    if json_wanted:
        print_json(
            [
                {
                    "ledger_account": line.ledger_account.value,
                    "currency": line.balance.currency,
                    "balance": str(line.balance.decimal),
                }
                for line in lines
            ]
        )
        return
    table = Table("Ledger account", "Currency")
    table.add_column("Balance", justify="right")
    for line in lines:
        table.add_row(line.ledger_account.value, line.balance.currency, str(line.balance.decimal))
    Console().print(table)


@click.command("close-books")
@click.option("--through", type=DAY, required=True, metavar="YYYY-MM-DD", help="The last day of the closed period.")
def close_books(through: datetime) -> None:
    """Close the books through a day: nothing is posted on or before it any more, for good."""
    with books() as database, database.transaction() as session:
        close(session, through.date())
        record(session, "books.closed", actor=OPERATOR, subject=("books", str(through.date())))
    click.echo(f"The books are closed through {through.date()}.")


@click.command("seal")
def seal_books() -> None:
    """Seal now what was posted since the last seal; the worker does it every minute.

    Prints the seal's number and hash: deposit them where the database's owner cannot reach, to prove later that
    nothing was rewritten.
    """
    with books() as database, database.transaction() as session:
        made = seal(session)
    click.echo("There was nothing to seal." if made is None else f"{made.number} {made.hash.hex()}")


def _read(heads: TextIO) -> dict[int, str]:
    """Seals' hashes by their numbers, one seal a line."""
    lines = [line.split() for line in heads if line.strip()]
    if not all(len(line) == 2 and line[0].isdecimal() for line in lines):
        raise click.ClickException("Each line must be a seal's number and its hash, as `quittance seal` prints them.")
    return {int(number): head for number, head in lines}
