"""Files: a sheet as CSV, as a workbook or as a paper; nothing in them can make a spreadsheet do anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper, Renderer
from domain.reporting.sheets.values import Kind, Row, Scalar, Section, Sheet, lines_of, money_at, spoken
from domain.shared.business import Business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.percent import Percent
from domain.shared.words import Speaking, Words
from domain.statements.export import BYTE_ORDER_MARK, MEDIA_TYPE, csv_row, safe_cell

CSV, XLSX, PDF = "csv", "xlsx", "pdf"
MEDIA_TYPES = {
    CSV: MEDIA_TYPE,
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
}
"""The formats of a report's file, by their ends, and how each is called on the wire."""
MOST_ON_PAPER = 2_000
"""So many rows of a section a paper has; its last line says where the others are."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NO_NAME = re.compile(r"[\[\]:*?/\\]")


def sheet_csv(sheet: Sheet, speaking: Speaking) -> Iterator[bytes]:
    """The sheet's sections under one another, parted by an empty line; the words in the reader's language.

    A row for each row and currency, without totals; plain numbers with a point, days in ISO 8601.
    """
    yield BYTE_ORDER_MARK.encode()
    for place, section in enumerate(sheet.sections):
        if place:
            yield csv_row([]).encode()
        if len(sheet.sections) > 1:
            yield csv_row([safe_cell(spoken(section.title, speaking))]).encode()
        yield csv_row(_heads(section, speaking)).encode()
        for row in section.rows:
            for values in _lines(section, row):
                yield csv_row([_text(value, speaking) for value in values]).encode()


def sheet_workbook(sheet: Sheet, speaking: Speaking) -> bytes:
    """The sheet as a workbook, a leaf for each section: numbers as numbers, days as days, text as nothing but text."""
    book = Workbook(write_only=True)
    for place, section in enumerate(sheet.sections, 1):
        name = NO_NAME.sub(" ", CONTROL.sub("", spoken(section.title, speaking)))[:25].strip()
        leaf = book.create_sheet(f"{name} {place}" if len(sheet.sections) > 1 else name)
        leaf.freeze_panes = "B2"
        leaf.append([_bold(leaf, head) for head in _heads(section, speaking)])
        for row in section.rows:
            for values in _lines(section, row):
                leaf.append([_workbook_cell(leaf, value, speaking) for value in values])
    if not sheet.sections:
        book.create_sheet(CONTROL.sub("", spoken(sheet.title, speaking))[:25])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_paper(
    sheet: Sheet, renderer: Renderer, business: Business, speaking: Speaking, *, made_at: datetime, days: Words
) -> bytes:
    """The sheet as PDF, with its totals and notes; `days` says which days it is about."""
    sections: list[Paper] = [
        {
            "title": section.title,
            "columns": [{"words": column.words, "figure": column.kind.is_figure} for column in section.columns],
            "rows": [_printed(section, row) for row in section.rows[:MOST_ON_PAPER]],
            "total": _printed(section, section.total) if section.total else [],
            "notes": [*section.notes, *_left_out(section)],
        }
        for section in sheet.sections
        if section.rows
    ]
    paper: Paper = {
        "made_at": made_at,
        "business": letterhead(business),
        "title": sheet.title,
        "days": days,
        "made": Words.of(N_("Made {time}"), time=made_at),
        "lead": sheet.lead,
        "findings": sheet.findings,
        "sections": sections,
        "notes": [*sheet.notes, *([sheet.empty] if sheet.empty and sheet.is_empty else [])],
    }
    return renderer.render("report", paper, speaking.language)


def _left_out(section: Section) -> list[Words]:
    if len(section.rows) <= MOST_ON_PAPER:
        return []
    return [Words.of(N_("The first {most} rows are here; the table file has them all."), most=MOST_ON_PAPER)]


def _heads(section: Section, speaking: Speaking) -> list[str]:
    heads = [spoken(column.words, speaking) for column in section.columns]
    place = money_at(section)
    return heads if place is None else [*heads[:place], speaking.translate(N_("Currency")), *heads[place:]]


def _lines(section: Section, row: Row) -> Iterator[list[Scalar]]:
    place = money_at(section)
    for values, currency in lines_of(row):
        yield values if place is None else [*values[:place], currency, *values[place:]]


def _text(value: Scalar, speaking: Speaking) -> str:
    match value:
        case None:
            return ""
        case str() | Words():
            return safe_cell(spoken(value, speaking))
        case Money():
            return str(value.decimal)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _workbook_cell(leaf: WriteOnlyWorksheet, value: Scalar, speaking: Speaking) -> Any:
    if value is None or value == "":
        return None
    cell: Any = WriteOnlyCell(leaf)
    if isinstance(value, str | Words):
        cell.value, cell.data_type = CONTROL.sub("", spoken(value, speaking)), "s"
    elif isinstance(value, Money):
        places = -int(value.decimal.as_tuple().exponent)
        cell.value, cell.number_format = value.decimal, "#,##0." + "0" * places if places else "#,##0"
    else:
        cell.value = value
    return cell


def _bold(leaf: WriteOnlyWorksheet, words: str) -> Any:
    cell = WriteOnlyCell(leaf, words)
    cell.data_type, cell.font = "s", Font(bold=True)
    return cell


def _printed(section: Section, row: Row) -> list[object]:
    return [
        [_on_paper(column.kind, line) for line in cell.lines] or ["–"]
        for column, cell in zip(section.columns, row.cells, strict=True)
    ]


def _on_paper(kind: Kind, value: Scalar) -> object:
    if value is None:
        return "–"
    if kind is Kind.PERCENT and isinstance(value, Decimal | int):
        return Words.of("{share}", share=Percent(Decimal(value)))
    return value
