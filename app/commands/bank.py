"""Bank: take in statement files of the bank, and say how well their lines are matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click

from adapters.bank_files.reader import BankFiles
from app.commands.common import books, print_json
from app.commands.figures import as_json
from app.opening import document_store
from app.settings import read_settings
from domain.banking import queries
from domain.banking.columns import BankColumns
from domain.banking.files import BadBankFile, BankFile, FileFormat
from domain.banking.taking_in import StatementSeen, preview, take_in
from domain.documents import filing
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.importing.reading import blocks
from domain.processing.bank.suggesting import Tally, tally
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.money import Money

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def bank() -> None:
    """Statements of the bank."""


@bank.command("import", short_help="Take in a statement file, all of it or nothing.")
@click.argument("file", type=FILE)
@click.option("--account", help="Name or number of the bank account that a table (CSV, .xlsx) is of.")
@as_json
def import_bank_file(file: Path, account: str | None, json_wanted: bool) -> None:
    """Take in a statement file (CAMT.053, MT940, OFX or a table): all of it, or nothing and 1 with every problem.

    Lines that an earlier file told are skipped and counted. The columns of a table are matched once, in the back
    office. docs/bank-statements.md describes the formats.
    """
    settings = read_settings()
    with books(settings) as database, file.open("rb") as stream:
        columns = _columns(database, stream, account)
        try:
            told = BankFiles().read(stream, file.name, columns=columns)
        except BadBankFile as problem:
            raise click.ClickException(str(problem)) from problem
        seen, found = _take_in(database, stream, file.name, told, columns, document_store(settings))
    if json_wanted:
        print_json(_as_json(told, seen, found))
    else:
        _tell(seen, found)


def _columns(database: Database, stream: BinaryIO, account: str | None) -> BankColumns | None:
    """How the table of this bank account is read; None for what is no table."""
    try:
        is_table = BankFiles().format_of(stream) is FileFormat.TABLE
    except BadBankFile as problem:
        raise click.ClickException(str(problem)) from problem
    if not is_table:
        return None
    if account is None:
        raise click.ClickException("This is a table: say with --account which bank account it is of.")
    with database.reading() as session:
        known = queries.bank_account_named(session, account).columns
    if known is None:
        raise click.ClickException("Match the columns of this bank account's tables once in the back office.")
    return BankColumns.from_values(known)


def _take_in(
    database: Database, stream: BinaryIO, name: str, told: BankFile, columns: BankColumns | None, store: Store
) -> tuple[list[StatementSeen], Tally]:
    stream.seek(0)
    with database.transaction() as session:
        document = filing.file(
            session,
            store,
            blocks(stream),
            media_type="application/octet-stream",
            category=Category.BANK_FILE,
            filename=name,
            account_id=None,
            subject=("operator", 0),
            actor=OPERATOR,
        )
        seen = preview(session, told)
        taken = take_in(session, document.id, told, actor=OPERATOR, columns=columns)
    with database.reading() as session:
        return seen, tally(session, [each.import_id for each in taken])


def _as_json(told: BankFile, seen: Sequence[StatementSeen], found: Tally) -> Mapping[str, Any]:
    return {
        "format": told.format.value,
        "statements": [
            {
                "account": each.page.account,
                "currency": each.page.currency,
                "from": each.page.from_on.isoformat() if each.page.from_on else None,
                "to": each.page.to_on.isoformat() if each.page.to_on else None,
                "opening": _plain(each.page.opening),
                "closing": _plain(each.page.closing),
                "closed_before": _plain(each.before),
                "lines": len(each.page.lines),
                "new": len(each.new),
                "known": each.known_count,
            }
            for each in seen
        ],
        "matched_surely": found.sure,
        "suggested": found.suggested,
        "left": found.left,
    }


def _plain(amount: Money | None) -> str | None:
    return None if amount is None else str(amount.decimal)


def _tell(seen: Sequence[StatementSeen], found: Tally) -> None:
    for each in seen:
        page = each.page
        days = f" {page.from_on} to {page.to_on}" if page.from_on and page.to_on else ""
        click.echo(
            f"{each.name or page.account} ({page.currency}){days}: {len(page.lines):,} lines, {len(each.new):,} new, "
            f"{each.known_count:,} known already."
        )
        if each.before is not None:
            click.echo(
                f"  Days are missing: the statement before closed with {each.before}, this opens with {page.opening}."
            )
    click.echo(f"{found.sure:,} matched surely, {found.suggested:,} suggested, {found.left:,} left.")
