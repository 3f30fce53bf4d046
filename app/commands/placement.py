"""Placement: write the file of a placement, and say whether any placement file is one; the latter needs no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from app.commands.common import books, print_json
from app.commands.figures import as_json
from domain.placements.files.checking import Checked, check
from domain.placements.files.schema import PlacementFile, UpdateKind
from domain.processing.placing.building import FileForm, made_file

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def placement() -> None:
    """Files of debts that were handed to an agency or an attorney."""


@placement.command("export", short_help="Write the file of a placement.")
@click.argument("placement_id", metavar="ID", type=click.IntRange(min=1))
@click.option("--format", "form", type=click.Choice([each.value for each in FileForm]), required=True)
def export(placement_id: int, form: str) -> None:
    """Write the file of a placement that was sent to standard output: HO-000017 has the ID 17.

    docs/placement-file.md describes it.
    """
    with books() as database, database.reading() as session:
        made = made_file(session, placement_id, FileForm(form))
    click.echo(made.content, nl=False)


@placement.command("validate", short_help="Check a file of placements, updates or remittances; needs no network.")
@click.argument("file", type=FILE)
@as_json
def validate(file: Path, json_wanted: bool) -> None:
    """Check a file of placements, or of a partner's updates or remittances, in CSV or JSON: form, sums and days.

    Needs no database and no network. Ends with 0 when all is well, else with 1 and, for each problem, its place, its
    field, what is wrong and what to do. docs/placement-file.md describes the file.
    """
    with file.open("rb") as stream:
        found = check(stream)
    if json_wanted:
        print_json(_as_json(found))
    else:
        _tell(found)
    if found.file is None:
        raise SystemExit(1)


def _as_json(found: Checked) -> Mapping[str, Any]:
    file = found.file
    told = {} if file is None else {"kind": file.header.kind.value, **_counts(file)}
    return {"valid": file is not None, **told, "problems": [asdict(each) for each in found.flaws], "cut": found.is_cut}


def _tell(found: Checked) -> None:
    for flaw in found.flaws:
        click.echo(str(flaw))
    if found.file is None:
        things = "thing is" if len(found.flaws) == 1 else "things are"
        more = " Nothing behind that was looked at." if found.is_cut else ""
        click.echo(f"{len(found.flaws):,} {things} wrong.{more}")
        return
    header, counts = found.file.header, _counts(found.file)
    whose = f"of {header.creditor} for {header.partner}" if counts["placements"] else f"of {header.partner}"
    listed = ", ".join(f"{many:,} {name}" for name, many in counts.items() if name != "totals" and many)
    click.echo(f"This is a whole file {whose}: {listed}.")
    for currency, total in counts["totals"].items():
        click.echo(f"{total} {currency} in all.")


def _counts(file: PlacementFile) -> Mapping[str, Any]:
    """How much is in it; the totals are of what was placed, what the partner was paid, or what it pays, by currency."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for each in file.placements:
        totals[each.currency] += each.total
    for told in file.updates:
        if told.update is UpdateKind.PAYMENT and told.amount is not None and told.currency is not None:
            totals[told.currency] += told.amount
    for paid in file.remittances:
        totals[paid.currency] += paid.paid
    return {
        "placements": len(file.placements),
        "debts": sum(len(each.debts) for each in file.placements),
        "updates": len(file.updates),
        "remittances": len(file.remittances),
        "totals": {currency: f"{total:f}" for currency, total in sorted(totals.items())},
    }
