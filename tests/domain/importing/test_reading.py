"""Reading: any CSV that spreadsheets write, workbooks, and files that are neither."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from domain.importing import csv_files, reading, tables, workbooks
from domain.importing.problems import Problem, Unreadable
from tests.support.importing import HEADERS, a_csv, a_row, a_workbook

AFTERNOON = datetime(2026, 1, 5, 13, 45)  # noqa: DTZ001 - a workbook knows no zone
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, **options: Any) -> tuple[tuple[str, ...], list[tables.Record], dict[str, str]]:
    with reading.opened(io.BytesIO(content), **options) as table:
        return table.headers, [(row, list(cells)) for row, cells in table.records], table.read_as


def refused(content: bytes, **options: Any) -> Problem:
    with pytest.raises(Unreadable) as refusal:
        read(content, **options)
    assert str(refusal.value.problem)
    return refusal.value.problem


def with_sheet(xml: str) -> bytes:
    """A workbook whose sheet is written by hand."""
    made, changed = io.BytesIO(a_workbook()), io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, xml if name == SHEET else old.read(name))
    return changed.getvalue()


def sheet(rows: str, *, before: str = "") -> bytes:
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADERS)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_sheet(
        f'{before}<worksheet xmlns="{space}"><sheetData><row r="1">{names}</row>{rows}</sheetData></worksheet>'
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_encoding_and_separator_gives_the_same_rows(encoding: str, separator: str) -> None:
    row = a_row(name="Café Münster")

    headers, rows, read_as = read(a_csv(row, encoding=encoding, separator=separator))

    assert headers == HEADERS
    assert rows == [(2, row)]
    assert read_as["separator"] == separator


def test_a_separator_that_finds_the_wanted_names_wins_over_one_that_finds_more_columns() -> None:
    content = b"a,x;b,y;c,z\r\n1,1;2,2;3,3\r\n"

    assert read(content, wanted=["b,y"])[0] == ("a,x", "b,y", "c,z")


def test_excels_line_about_its_separator_is_followed_and_counted() -> None:
    headers, rows, _ = read(b"sep=|\r\na|b\r\n1|2\r\n")

    assert (headers, rows) == (("a", "b"), [(3, ["1", "2"])])


def test_names_below_a_title_are_found_and_empty_rows_passed_over() -> None:
    content = b"Receivables at 31 March,\r\n\r\nNumber,Amount\r\n1,10\r\n , \r\n2,20\r\n"

    headers, rows, _ = read(content, wanted=["number", "amount"])

    assert (headers, rows) == (("Number", "Amount"), [(4, ["1", "10"]), (6, ["2", "20"])])


def test_quoted_cells_keep_separators_quotes_and_line_breaks() -> None:
    _, rows, _ = read(b'a,b\r\n"1,5","say ""hi""\nthere"\r\n3,4\r\n')

    assert rows == [(2, ["1,5", 'say "hi"\nthere']), (3, ["3", "4"])]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"", None),
        (b"\r\n \r\n", None),
        (b'a,b\r\n"1"2,3\r\n', 2),
        (b'a,b\r\n1,"open\r\n', 2),
        (b"," * 600 + b"\r\n", 1),
        (b"," * 1_000_000, 1),
        (b"a,b\r\n" + b"x" * (tables.LONGEST_RECORD + 1), 2),
        (b"a,b\r\n" + b'"x\n",' * (tables.LONGEST_RECORD // 4), 2),
        (b"\xd0\xcf\x11\xe0rest of an old workbook", None),
        (b"PK\x03\x04 no zip", None),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_row(content: bytes, row: int | None) -> None:
    assert refused(content).row == row


def test_letters_that_a_declared_encoding_does_not_have_stay_visible() -> None:
    _, rows, _ = read(b"a,b\r\n\xff,1\r\n", encoding="utf-8")

    assert rows == [(2, ["\ufffd", "1"])]


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 10)

    assert refused(b"x" * 11).expected == tables.TOO_LARGE


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    assert refused(b"a,b\r\n1,2\r\n3,4\r\n").row == 3


def test_a_workbook_gives_text_numbers_and_days() -> None:
    row = a_row("0000611365", 1001, issued=AFTERNOON, due="2026-02-04", amount=0.1 + 0.2)

    headers, rows, read_as = read(a_workbook(row))

    assert (headers, read_as) == (HEADERS, {"sheet": "Ledger"})
    assert rows[0][1][:5] == ["0000611365", Decimal(1001), date(2026, 1, 5), "2026-02-04", Decimal("0.3")]


def test_a_number_that_is_shown_with_leading_zeros_keeps_them() -> None:
    content, workbook = io.BytesIO(), Workbook()
    page = workbook.active
    assert page is not None
    page.append(["number"])
    page.append([611365])
    page["A2"].number_format = "0000000000"
    workbook.save(content)

    assert read(content.getvalue())[1] == [(2, ["0000611365"])]


def test_a_sheet_is_found_by_its_name() -> None:
    content, workbook = io.BytesIO(), Workbook()
    workbook.create_sheet("Second").append(["b"])
    workbook.save(content)

    assert read(content.getvalue(), sheet="Second")[0] == ("b",)
    assert refused(content.getvalue(), sheet="Third").expected == workbooks.A_SHEET


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ("<row r='2'>" + "<c><v>1</v></c>" * 600 + "</row>", 2),
        ("<row r='2'><c r='XFD2'><v>1</v></c></row>", 2),
        ("<row r='2'><c><v>1</v></c></row><row r='2'><c><v>1</v></c></row>", 2),
        ("<row r='99999999999'><c><v>1</v></c></row>", 99999999999),
        ("<row r='2'><c t='s'><v>77</v></c></row>", 2),
        ("<row r='2'><c><v>one</v></c></row>", 2),
        ("<row r='2'><c r='??'><v>1</v></c></row>", 2),
        ("<row r='2'><c>", 2),
    ],
)
def test_a_sheet_that_breaks_off_or_lies_is_refused_at_its_row(rows: str, row: int) -> None:
    assert refused(sheet(rows)).row == row


def test_a_sheet_that_defines_entities_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    assert refused(sheet("<row r='2'><c><v>&b;</v></c></row>", before=bomb)).expected == workbooks.A_WORKBOOK


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_SHEET", 100)

    assert refused(a_workbook(a_row())).expected == workbooks.SMALL_PARTS


def test_a_row_of_a_million_cells_is_refused_before_it_is_held() -> None:
    content = sheet("<row r='2'>" + "<c><v>1</v></c>" * 1_000_000 + "</row>")

    assert refused(content).row == 2


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hello.txt", "hello")

    assert refused(content.getvalue()).expected == workbooks.A_WORKBOOK


def test_csv_is_read_as_it_comes_and_not_at_once() -> None:
    stream = io.BytesIO(a_csv(*(a_row(invoice=number) for number in range(20_000))))

    with csv_files.opened(stream, encoding=None, separator=None, wanted=HEADERS) as (records, _):
        next(iter(records))
        consumed = stream.tell()

    assert consumed < len(stream.getvalue()) / 4
