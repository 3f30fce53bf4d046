"""Tables: what a file of rows looks like to us whatever it was made by, and how much of it we are ready to take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import TypeAlias

from domain.importing.problems import Unreadable, visible
from domain.shared.errors import N_

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a file, and of the parts of a workbook that must be held at once: a quarter of that."""
MOST_ROWS = 1_048_576
"""As many as a spreadsheet has."""
MOST_COLUMNS = 512
LONGEST_RECORD = 1_000_000
"""Characters of one row, line breaks within its cells included."""
HEADER_WITHIN = 20
"""The names of the columns stand in one of the first rows, under a title perhaps."""

Cell: TypeAlias = str | Decimal | date
"""Text as written (empty where there is nothing), or the number or day that a workbook knows its cell to be."""
Record: TypeAlias = tuple[int, Sequence[Cell]]
"""The row's number as a spreadsheet counts, and its cells."""

TOO_LARGE = N_("a file of {limit} MB at most")
TOO_MANY_ROWS = N_("{limit} rows at most")
TOO_MANY_COLUMNS = N_("{limit} columns at most")
NAMES = N_("a first row with the names of the columns")
ALL_COLUMNS = N_("a column named {name}")
ONE_COLUMN = N_("only one column of this name")


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, where they stand, what is below, and how the file was read (encoding, sheet…)."""

    headers: tuple[str, ...]
    header_row: int
    records: Iterator[Record]
    read_as: dict[str, str]


def as_table(records: Iterable[Record], wanted: Collection[str], read_as: dict[str, str]) -> Table:
    """Find the row of names: the first that has all the wanted ones, else the first that is not empty.

    Raises Unreadable for an empty file; the records raise it later for too many rows or columns.
    """
    rest = _within_limits(records)
    beginning: list[Record] = []
    try:
        for record in islice(rest, HEADER_WITHIN):
            beginning.append(record)
    except Unreadable as problem:
        rest = _broken(problem)
    if not beginning:
        next(rest, None)
        raise Unreadable(NAMES, found="")
    place = next((place for place, (_, cells) in enumerate(beginning) if _has(cells, wanted)), 0)
    row, cells = beginning[place]
    return Table(_names(cells), row, chain(beginning[place + 1 :], rest), read_as)


def _broken(problem: Unreadable) -> Iterator[Record]:
    """Records of which the very next cannot be read."""
    raise problem
    yield  # never reached: it makes this a generator, which raises when it is asked


def position(headers: Sequence[str], name: str, row: int) -> int:
    """Which column has this name: exactly, else whatever its case; Unreadable where none has, or several."""
    for same in (_exactly, _whatever_its_case):
        places = [place for place, header in enumerate(headers) if same(header, name)]
        if len(places) > 1:
            raise Unreadable(ONE_COLUMN, row=row, column=name, found=name)
        if places:
            return places[0]
    raise Unreadable(ALL_COLUMNS, row=row, column=name, found=", ".join(filter(None, headers)), name=visible(name))


def _exactly(header: str, name: str) -> bool:
    return header == name.strip()


def _whatever_its_case(header: str, name: str) -> bool:
    return header.casefold() == name.strip().casefold()


def _has(cells: Sequence[Cell], wanted: Collection[str]) -> bool:
    present = {name.casefold() for name in _names(cells)}
    return bool(wanted) and all(name.strip().casefold() in present for name in wanted)


def _names(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(str(cell).strip() for cell in cells)


def _within_limits(records: Iterable[Record]) -> Iterator[Record]:
    """The rows that have anything in them."""
    for row, cells in records:
        if row > MOST_ROWS:
            raise Unreadable(TOO_MANY_ROWS, row=row, found=str(row), limit=MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(TOO_MANY_COLUMNS, row=row, found=str(len(cells)), limit=MOST_COLUMNS)
        if any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells):
            yield row, cells
