"""Workbooks: the rows of one sheet of an XLSX file, streamed, with bounds on what it unpacks to."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser

from domain.importing.problems import Unreadable, visible
from domain.importing.tables import MOST_COLUMNS, MOST_ROWS, TOO_MANY_COLUMNS, Cell, Record
from domain.shared.errors import N_

CELL_TAG = ROW_TAG.replace("}row", "}c")
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
LARGEST_SHEET = 1024 * 1024 * 1024
LARGEST_PART = 64 * 1024 * 1024
"""Bytes unpacked: a sheet is streamed, any other part (the shared texts, the styles) is held at once."""
MOST_PARTS = 2_000
ZEROS = re.compile(r"0{2,30}")
BUILTIN = 164
"""From this number on, a cell's format is the workbook's own."""

A_WORKBOOK = N_("an Excel workbook (.xlsx) that is whole and not protected")
SMALL_PARTS = N_("a workbook that unpacks to {limit} MB at most")
A_SHEET = N_("a sheet named {name}")
ROW_NUMBER = N_("rows in ascending order, up to {limit}")


@contextmanager
def opened(stream: BinaryIO, *, sheet: str | None) -> Iterator[tuple[Iterator[Record], dict[str, str]]]:
    """The rows of one sheet (the first that is visible unless named), and which it is."""
    try:
        with zipfile.ZipFile(stream) as archive:
            _refuse_bombs(archive)
        reader = _reader(stream)
        name, part = _sheet(reader, sheet)
        source = reader.archive.open(part)
    except Unreadable:
        raise
    except Exception as problem:  # whatever a broken or hostile file makes the library say
        raise Unreadable(A_WORKBOOK, found=type(problem).__name__) from problem
    with reader.archive, source:
        yield _records(reader, source), {"sheet": name}


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Unreadable(A_WORKBOOK, found=f"{len(parts)} parts")
    for part in parts:
        limit = LARGEST_SHEET if SHEET_PART.fullmatch(part.filename) else LARGEST_PART
        if part.file_size > limit:
            raise Unreadable(SMALL_PARTS, found=f"{part.filename}: {part.file_size >> 20} MB", limit=limit >> 20)


def _reader(stream: BinaryIO) -> ExcelReader:
    """The workbook's texts, styles and list of sheets; the sheets themselves are not touched."""
    stream.seek(0)
    reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        apply_stylesheet(reader.archive, reader.wb)
    return reader


def _sheet(reader: ExcelReader, wanted: str | None) -> tuple[str, str]:
    """The name of the sheet and the part that holds it."""
    sheets = [(sheet.name, sheet.state, rel.target) for sheet, rel in reader.parser.find_sheets()]
    present = [each for each in sheets if SHEET_PART.fullmatch(each[2]) and each[2] in reader.valid_files]
    for name, state, part in present:
        if name == wanted or (wanted is None and state == "visible"):
            return name, part
    if wanted is None:
        raise Unreadable(A_WORKBOOK, found="")
    raise Unreadable(A_SHEET, found=", ".join(name for name, _, _ in present), name=visible(wanted))


def _records(reader: ExcelReader, source: Any) -> Iterator[Record]:
    row = 0
    try:
        for number, cells in _rows(reader, source):
            if not row < number <= MOST_ROWS:
                raise Unreadable(ROW_NUMBER, row=number, found=str(number), limit=MOST_ROWS)
            row = number
            yield row, cells
    except Unreadable:
        raise
    except Exception as problem:  # as above
        raise Unreadable(A_WORKBOOK, row=row + 1, found=type(problem).__name__) from problem


def _rows(reader: ExcelReader, source: Any) -> Iterator[Record]:
    """Rows as they come by, forgotten at once; a row is refused before its cells fill the memory."""
    parser = WorkSheetParser(source, reader.shared_strings, data_only=True)
    values = _Values(reader.wb)
    data, cells = None, 0
    for event, element in iterparse(source, events=("start", "end")):
        if event == "start":
            cells += element.tag == CELL_TAG
            if element.tag == DATA_TAG:
                data = element
            if cells > MOST_COLUMNS:
                raise Unreadable(
                    TOO_MANY_COLUMNS, row=parser.row_counter + 1, found=f"> {MOST_COLUMNS}", limit=MOST_COLUMNS
                )
        elif element.tag == ROW_TAG:
            number, parsed = parser.parse_row(element)
            yield number, _placed(number, parsed, values)
            cells = 0
            element.clear()
            if data is not None:
                data.clear()


def _placed(row: int, parsed: list[dict[str, Any]], values: _Values) -> list[Cell]:
    width = max((cell["column"] for cell in parsed), default=0)
    if width > MOST_COLUMNS:
        raise Unreadable(TOO_MANY_COLUMNS, row=row, found=str(width), limit=MOST_COLUMNS)
    cells: list[Cell] = [""] * width
    for cell in parsed:
        cells[cell["column"] - 1] = values.read(cell)
    return cells


class _Values:
    """Turns what a cell stores into what it shows: text, a number, or a day."""

    def __init__(self, workbook: Any) -> None:
        self.epoch = workbook.epoch
        self.dates = workbook._date_formats
        self.durations = workbook._timedelta_formats
        self.widths = {
            index: width for index, style in enumerate(workbook._cell_styles) if (width := _zeros(workbook, style))
        }

    def read(self, cell: dict[str, Any]) -> Cell:
        """The value of one parsed cell; empty text where there is none."""
        value, style = cell["value"], cell["style_id"]
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return self._number(value, style)
        return str(value)

    def _number(self, value: float, style: int) -> Cell:
        if style in self.dates and style not in self.durations:
            return self._day(value)
        number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
        if style in self.widths and number == number.to_integral_value():
            return str(int(number)).zfill(self.widths[style])
        return number

    def _day(self, value: float) -> Cell:
        try:
            day = from_excel(value, self.epoch)
        except (ValueError, OverflowError):
            return str(value)
        if isinstance(day, datetime):
            return day.date()
        return day if isinstance(day, date) else str(day)


def _zeros(workbook: Any, style: Any) -> int:
    """How many digits a format such as 0000000000 fills up to; none for any other."""
    number = style.numFmtId
    own = workbook._number_formats
    shown = BUILTIN_FORMATS.get(number, "") if number < BUILTIN else own[number - BUILTIN : number - BUILTIN + 1]
    text = shown if isinstance(shown, str) else "".join(shown)
    return len(text) if ZEROS.fullmatch(text) else 0
