"""Report views: a sheet as its template wants it: every cell in the reader's language, with where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.report_charts import ChartView, chart_view
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Scalar, Section, Sheet
from domain.shared.words import Speaking, Words


@dataclass(frozen=True, slots=True)
class CellView:
    """What a cell says, line by line; `href` is None where there is nothing behind it."""

    lines: Sequence[Scalar]
    href: str | None
    words: str
    kind: str
    is_figure: bool


@dataclass(frozen=True, slots=True)
class SectionView:
    """A table: heads are (words, whether figures stand under it), rows are lists of cells."""

    key: str
    title: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[CellView]]
    total: Sequence[CellView]
    chart: ChartView | None
    notes: Sequence[Words]


def section_views(sheet: Sheet, speaking: Speaking) -> list[SectionView]:
    """The sections that have rows."""
    return [_section(section, speaking) for section in sheet.sections if section.rows]


def _section(section: Section, speaking: Speaking) -> SectionView:
    return SectionView(
        key=section.key,
        title=speaking.show(section.title),
        heads=[(speaking.show(column.words), column.kind.is_figure) for column in section.columns],
        rows=[_row(section, row, speaking) for row in section.rows],
        total=_row(section, section.total, speaking) if section.total else (),
        chart=chart_view(section.chart, speaking, section.key) if section.chart else None,
        notes=section.notes,
    )


def _row(section: Section, row: Row, speaking: Speaking) -> list[CellView]:
    found = [_cell(column, cell, speaking) for column, cell in zip(section.columns, row.cells, strict=True)]
    if row.href:
        first = found[0]
        found[0] = CellView(first.lines, row.href, first.words, first.kind, first.is_figure)
    return found


def _cell(column: Column, cell: Cell, speaking: Speaking) -> CellView:
    return CellView(
        lines=[speaking.show(line) if isinstance(line, Words) else line for line in cell.lines],
        href=cell.href if any(cell.lines) else None,
        words=speaking.show(column.words),
        kind=_shown_as(column.kind, cell.lines),
        is_figure=column.kind.is_figure,
    )


def _shown_as(kind: Kind, lines: Sequence[Scalar]) -> str:
    """By what the column holds; words among days are words, and days among words are days."""
    if lines and all(isinstance(line, date) for line in lines) and kind is Kind.TEXT:
        return Kind.DAY.value
    if any(isinstance(line, str | Words) for line in lines):
        return Kind.TEXT.value
    return Kind.NUMBER.value if kind in {Kind.COUNT, Kind.DAYS} else kind.value
