"""Sheet: a report as a plain value: sections of columns and rows, each number with where its rows are, and charts.

Text of ours is Words, to be put into the reader's language when it is shown; plain text is somebody's own and stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from domain.shared.money import Money
from domain.shared.words import Speaking, Words

Scalar: TypeAlias = str | Words | Money | Decimal | int | date | None
"""One thing that a cell says; None where there is nothing to say."""


class Kind(StrEnum):
    """What a column holds: it decides how its cells are shown, aligned and written to files."""

    TEXT = "text"
    MONEY = "money"
    DAYS = "days"
    PERCENT = "percent"
    COUNT = "count"
    NUMBER = "number"
    DAY = "day"
    MONTH = "month"

    @property
    def is_figure(self) -> bool:
        """Whether its cells stand at the right edge."""
        return self not in {Kind.TEXT, Kind.DAY, Kind.MONTH}


class ChartKind(StrEnum):
    """How a chart is drawn."""

    COLUMNS = "columns"
    LINE = "line"
    STACKED = "stacked"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a row's cell: one thing, or one for each currency; `href` opens the rows behind it."""

    says: Scalar | tuple[Scalar, ...]
    href: str | None = None

    @property
    def lines(self) -> tuple[Scalar, ...]:
        """What it says, one under the other."""
        return self.says if isinstance(self.says, tuple) else (self.says,)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its lasting key, its head, and what it holds."""

    key: str
    words: Words
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """One row, a cell for each column; `href` opens the thing that the row is about."""

    cells: tuple[Cell, ...]
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one step of each column, of a chart; None where there is no such figure."""

    words: Words
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures that also stand in a table; `kind` says what its values are: money is in whole units."""

    drawn: ChartKind
    title: Words
    labels: tuple[Scalar, ...]
    series: tuple[Series, ...]
    kind: Kind
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a sheet, with its chart, its total and what is to be said of it."""

    key: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    chart: Chart | None = None
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole report, or the rows behind one of its numbers; `empty` says why, where no section has a row.

    `findings` are what its figures come to, said before them; `notes` how they are reckoned, said behind them. `back`
    is the report whose number it opens. `more_than` is how many rows are shown where there are more.
    """

    name: str
    title: Words
    sections: tuple[Section, ...]
    lead: Words | None = None
    findings: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    empty: Words | None = None
    back: str | None = None
    more_than: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not any(section.rows for section in self.sections)


def cells(*says: Scalar | tuple[Scalar, ...] | Cell) -> tuple[Cell, ...]:
    """The cells of a row."""
    return tuple(one if isinstance(one, Cell) else Cell(one) for one in says)


def lines_of(row: Row) -> Iterator[tuple[list[Scalar], str]]:
    """A row as the lines of a file, each with its currency: one for each currency where cells say several amounts.

    A row without any money has one line with no currency. What is said once is said in each line again.
    """
    height = max(len(cell.lines) for cell in row.cells)
    for place in range(max(height, 1)):
        line = [_line(cell, place) for cell in row.cells]
        yield line, next((each.currency for each in line if isinstance(each, Money)), "")


def money_at(section: Section) -> int | None:
    """The place of its first column of amounts, before which files say their currency; None where it has none."""
    return next((place for place, column in enumerate(section.columns) if column.kind is Kind.MONEY), None)


def spoken(value: str | Words, speaking: Speaking) -> str:
    """Text in the reader's language; somebody's own stays as it is."""
    return speaking.translate(value.text, **value.params) if isinstance(value, Words) else value


def cut(section: Section, most: int | None) -> tuple[Section, int | None]:
    """The section with at most so many rows, and that number where it has more."""
    if most is None or len(section.rows) <= most:
        return section, None
    return replace(section, rows=section.rows[:most]), most


def _line(cell: Cell, place: int) -> Scalar:
    lines: Sequence[Scalar] = cell.lines
    if len(lines) == 1:
        return lines[0]
    return lines[place] if place < len(lines) else None
