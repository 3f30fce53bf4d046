"""Import: load a file of receivables, or try it without booking anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from app.commands.common import books, print_json
from app.commands.figures import as_json
from app.opening import document_store
from app.settings import read_settings
from domain.documents.storage import Store
from domain.importing import booking, preparing
from domain.importing.mapping import BookedAs, FileMapping
from domain.importing.model import BatchState
from domain.importing.problems import Problem
from domain.importing.progress import STEP_WORDS, Progress, Step
from domain.importing.queries import Preview, preview
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database

SHOWN_ERRORS = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, required=True, help="Which column is which, as TOML.")
@click.option("--dry-run", is_flag=True, help="Check and count, and book nothing.")
@click.option(
    "--as",
    "booked_as",
    type=click.Choice([each.value for each in BookedAs]),
    help="What invoices stand against in the ledger; by default what the mapping says, else sales.",
)
@as_json
def import_file(file: Path, mapping_file: Path, dry_run: bool, booked_as: str | None, json_wanted: bool) -> None:
    """Import invoices from a CSV file or Excel workbook: all of it, or nothing and 1 with every error.

    docs/importing.md describes the mapping and the JSON.
    """
    try:
        mapping = FileMapping.from_toml(mapping_file.read_text("utf-8"))
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{mapping_file} is not written in UTF-8.") from problem
    if booked_as is not None:
        mapping = replace(mapping, booked_as=BookedAs(booked_as))
    settings = read_settings()
    with books(settings, may_begin=True) as database, file.open("rb") as stream, _bar() as progress:
        result = _run(database, stream, file.name, mapping, document_store(settings), dry_run, progress)
    if json_wanted:
        print_json(_as_json(result, dry_run=dry_run))
    else:
        _tell(result, dry_run=dry_run)
    if result.counts.errors:
        raise SystemExit(1)


def _run(
    database: Database,
    stream: BinaryIO,
    name: str,
    mapping: FileMapping,
    store: Store,
    dry_run: bool,
    progress: Progress,
) -> Preview:
    """What the file came to; unless it was booked, nothing of it is kept."""
    kept = None if dry_run else store
    batch_id = preparing.prepare(database, stream, name, mapping, actor=OPERATOR, store=kept, progress=progress)
    with database.reading() as session:
        seen = preview(session, batch_id)
    if dry_run or not seen.can_be_booked or seen.adds_nothing:
        with database.transaction() as session:
            preparing.discard(session, batch_id)
        return seen
    with database.transaction() as session:
        booking.book(session, batch_id, actor=OPERATOR, is_kept=True, progress=progress)
        return preview(session, batch_id)


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar for each step on standard error, where that is a terminal."""
    console = Console(stderr=True)
    tasks: dict[Step, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]}"), TimeElapsedColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:

        def progress(step: Step, done: int, total: int | None) -> None:
            if step not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, total=1, completed=1)
                tasks[step] = bars.add_task(STEP_WORDS[step], total=None, rows="")
            bars.update(tasks[step], completed=done, total=total, rows=f"{done:,}" if done else "")

        yield progress


def _as_json(result: Preview, *, dry_run: bool) -> Mapping[str, Any]:
    booked = result.state is BatchState.DONE
    counts = asdict(result.counts)
    error_count, note_count = counts.pop("errors"), counts.pop("notes")
    return {
        "file": result.file_name,
        "batch": result.id if booked else None,
        "dry_run": dry_run,
        "booked": booked,
        "read_as": result.read_as,
        **counts,
        "total": {currency: str(total.invoiced.decimal) for currency, total in result.totals.items()},
        "paid": {currency: str(total.paid.decimal) for currency, total in result.totals.items()},
        "error_count": error_count,
        "errors": [_problem(problem) for problem in result.errors],
        "note_count": note_count,
        "notes": [_problem(problem) for problem in result.notes],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "found": problem.found,
        "expected": problem.expected.format(**problem.params),
    }


def _tell(result: Preview, *, dry_run: bool) -> None:
    counts = result.counts
    for problem in result.errors[:SHOWN_ERRORS]:
        click.echo(str(problem), err=True)
    if counts.errors > SHOWN_ERRORS:
        click.echo(f"… and {counts.errors - SHOWN_ERRORS} more; --json lists up to a thousand.", err=True)
    for problem in result.notes[:SHOWN_ERRORS]:
        click.echo(f"note: {problem}", err=True)
    if counts.errors:
        click.echo(f"{_counted(counts.errors, 'error')}: nothing was imported.")
    elif result.adds_nothing:
        click.echo(f"Nothing to import: every row ({counts.skipped:,}) is known already.")
    else:
        amounts = ", ".join(f"{total.invoiced} invoiced, {total.paid} paid" for total in result.totals.values())
        verb = "Would import" if dry_run else "Imported"
        click.echo(
            f"{verb} {_counted(counts.invoices, 'invoice')} and {_counted(counts.payments, 'payment')} of "
            f"{_counted(counts.accounts, 'new account')} ({amounts}); {_counted(counts.skipped, 'row')} known already."
        )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
