"""Rates: the reference rates of a CSV file are entered, all of them or, with what is wrong in each row, none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from sqlalchemy.orm import Session

from domain.importing import csv_files
from domain.importing.problems import Unreadable, visible
from domain.importing.tables import Table, as_table
from domain.late_charges.days import settle_known
from domain.policies.reference_rates import PUBLISHED, NewRate, enter, vouch
from domain.policies.sections import Reference
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid

COLUMNS = ("reference", "from", "percent", "source", "complete_through")
"""The columns of a file of rates; the last may be empty, and says up to which day no change of that rate is missing."""
EXAMPLE_DAY, EXAMPLE_PERCENT = "2026-01-31", "3.75"
FIELD = "file"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file of rates came to."""

    added: int
    known: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, as a spreadsheet counts, and why."""

    number: int
    problem: Invalid


class BadRows(Invalid):
    """Rows of the file cannot be used, so nothing of it is; `rows` are all of them."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__(N_("Nothing was entered. Put these rows right, and choose the file again."), field=FIELD)
        self.rows = tuple(rows)


def import_rates(session: Session, stream: BinaryIO, *, actor: Actor) -> Imported:
    """Enter every rate of a CSV file with COLUMNS, whatever its encoding and separator.

    Raises Invalid for a file that cannot be read or lacks a column, BadRows for one with rows that cannot be used.
    """
    try:
        with csv_files.opened(stream, encoding=None, separator=None, wanted=COLUMNS) as (records, read_as):
            return _entered(session, as_table(records, COLUMNS, read_as), actor)
    except Unreadable as problem:
        raise Invalid(N_("This cannot be read as a CSV file."), field=FIELD) from problem


def _entered(session: Session, table: Table, actor: Actor) -> Imported:
    names = [name.lower() for name in table.headers]
    if not set(COLUMNS) <= set(names):
        raise Invalid(N_("The file needs the columns {columns}."), columns=", ".join(COLUMNS), field=FIELD)
    bad, added, known = [], 0, 0
    for number, cells in table.records:
        try:
            new, through_on = _read(dict(zip(names, (str(cell).strip() for cell in cells), strict=False)))
            is_new = enter(session, new, actor=actor)
            if through_on is not None:
                vouch(session, new.reference, through_on, actor=actor)
        except Invalid as problem:
            bad.append(BadRow(number, problem))
            continue
        added, known = added + is_new, known + (not is_new)
    if bad:
        raise BadRows(bad)
    settle_known(session)
    return Imported(added, known)


def _read(row: Mapping[str, str]) -> tuple[NewRate, date | None]:
    through = row.get("complete_through", "")
    new = NewRate(
        _reference(row["reference"]), _day(row.get("from", "")), _percent(row.get("percent", "")), row.get("source", "")
    )
    return new, _day(through) if through else None


def _reference(typed: str) -> Reference:
    if typed not in PUBLISHED:
        raise Invalid(N_("“{found}” is none of {known}."), found=visible(typed), known=", ".join(PUBLISHED))
    return Reference(typed)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as problem:
        words = N_("“{found}” is not a day such as {example}.")
        raise Invalid(words, found=visible(typed), example=EXAMPLE_DAY) from problem


def _percent(typed: str) -> Decimal:
    try:
        return Decimal(typed.replace(",", ".").replace("−", "-").removesuffix("%").strip())
    except InvalidOperation as problem:
        words = N_("“{found}” is not a rate in per cent, such as {example}.")
        raise Invalid(words, found=visible(typed), example=EXAMPLE_PERCENT) from problem
