"""Malformed files: whatever comes, it is imported whole or not at all, and every error says where it is."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select

from domain.importing.booking import ImportRefused, book
from domain.importing.queries import preview
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.importing import a_csv, a_row, a_workbook, prepared
from tests.support.proving import Prove

ORDINARY, LONG = 60, 500
ALWAYS = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
NASTY = (
    "\x00",
    "a\x00b",
    "\ufeff",
    "\u202egnp",
    "1.234,56",
    "1,234",
    "1.234",
    "=cmd|' /C calc'!A0",
    '="0012"',
    "@SUM(A1)",
    "-12.00",
    "(12.00)",
    "12.00-",
    "1e999",
    "NaN",
    "Infinity",
    "9" * 40,
    "0",
    "",
    " ",
    '"',
    '"a"b',
    "a,b",
    "a\nb",
    "2026-02-30",
    "0000-00-00",
    "31/12/2025",
    "9999-12-31",
    "2026-01-05T10:00:00Z",
    "#N/A",
    "x" * 5_000,
    "{amount}",
    "%s",
    "'; DROP TABLE invoice; --",
    "é",
    "\N{GRINNING FACE}",
    "a@example.com",
    "C-1",
    "1001",
)
COLUMNS = ("account", "invoice", "issued", "due", "amount", "paid", "name", "email", "tax", "text")


def nasty_rows(extra: some.SearchStrategy[Any]) -> some.SearchStrategy[list[list[Any]]]:
    """A few rows, some of whose cells are not what they should be."""
    cell = some.sampled_from(NASTY) | some.text(max_size=20) | extra
    number = some.integers(1, 6).map(str)
    changes = some.dictionaries(some.sampled_from(COLUMNS), cell, max_size=2)
    row = some.builds(lambda invoice, change: a_row(**{"invoice": invoice, **change}), number, changes)
    return some.lists(some.builds(a_row, invoice=number), max_size=6) | some.lists(
        row | some.lists(cell, max_size=12), max_size=6
    )


def _spoilt(content: bytes, place: int, piece: bytes, cut: int | None) -> bytes:
    """The bytes with a piece put in somewhere, or cut off."""
    at = place % (len(content) + 1)
    return (content[:at] + piece + content[at:])[: None if cut is None else cut % (len(content) + 1)]


def spoilt(files: some.SearchStrategy[bytes]) -> some.SearchStrategy[bytes]:
    """Files as they are, and files with wrong bytes in them."""
    piece = some.binary(max_size=6) | some.sampled_from(
        [b"\x00", b"\xff\xfe", b'"', b"\xef\xbb\xbf", b"\r", b"," * 700]
    )
    place = some.integers(0, 10_000)
    return files | some.builds(_spoilt, files, place, piece, some.none() | place)


CSV_FILES = spoilt(
    some.builds(
        lambda rows, encoding, separator: a_csv(*rows).decode().replace(",", separator).encode(encoding, "replace"),
        nasty_rows(some.nothing()).map(
            lambda rows: [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
        ),
        some.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp1251", "latin-1"]),
        some.sampled_from(",;\t|"),
    )
) | some.binary(max_size=200)

TYPED = (
    some.floats(allow_nan=False, allow_infinity=False)
    | some.integers(-(10**18), 10**18)
    | some.booleans()
    | some.dates(min_value=date(1900, 1, 1))
    | some.datetimes(min_value=datetime(1900, 1, 1))  # noqa: DTZ001 - a workbook knows no zone
)


def _writable(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows without the letters that no XML can hold."""
    return [
        ["".join(c for c in cell if c.isprintable() or c == "\n") if isinstance(cell, str) else cell for cell in row]
        for row in rows
    ]


def _with_part(content: bytes, number: int, old: bytes, new: bytes) -> bytes:
    """A workbook of which one part says something else."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        names = source.namelist()
        for name in names:
            part = source.read(name)
            target.writestr(name, part.replace(old, new) if name == names[number % len(names)] else part)
    return changed.getvalue()


WORKBOOKS = nasty_rows(TYPED).map(lambda rows: a_workbook(*_writable(rows)))
XLSX_FILES = spoilt(
    WORKBOOKS
    | some.builds(
        _with_part,
        WORKBOOKS,
        some.integers(0, 20),
        some.sampled_from([b"<c ", b"<v>", b"<row", b'r="', b"<sheet ", b"</", b"sheet1", b't="', b"<Override"]),
        some.sampled_from(
            [b"", b"<c r='ZZZ1' ", b"<v>1e999", b"&amp;", b"&x;", b"<!DOCTYPE x>", b'r="-', b's="99" r="']
        ),
    )
)


def import_it(db: Database, content: bytes, seen_so_far: Counter[str]) -> None:
    """Import a file: either all of it is in the books, or nothing is and every error can be told."""
    seen = prepared(db, content)
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(Invoice))

    try:
        with db.transaction() as session:
            book(session, seen.id, actor=OPERATOR)
    except ImportRefused:
        seen_so_far["refused"] += 1
    else:
        seen_so_far["imported"] += 1

    with db.reading() as session:
        after = preview(session, seen.id)
        added = session.scalar(select(func.count()).select_from(Invoice)) - before  # type: ignore[operator]
    assert added == (0 if seen.counts.errors else after.counts.invoices)
    assert len(seen.errors) == seen.counts.errors
    assert (seen.counts.errors == 0) == (after.state.value == "done")
    for problem in seen.errors:
        assert problem.expected.format(**problem.params)
        assert problem.row is None or problem.row >= 1
    seen_so_far["errors"] += len(seen.errors)


@pytest.mark.parametrize("files", [CSV_FILES, XLSX_FILES], ids=["csv", "xlsx"])
@pytest.mark.slow
@pytest.mark.parametrize("examples", [ORDINARY, pytest.param(LONG, marks=pytest.mark.faults)])
def test_a_malformed_file_is_all_or_nothing(
    db: Database, files: some.SearchStrategy[bytes], examples: int, request: pytest.FixtureRequest, prove: Prove
) -> None:
    told: Counter[str] = Counter()

    @settings(max_examples=examples, suppress_health_check=ALWAYS)
    @given(files)
    def try_it(content: bytes) -> None:
        import_it(db, content, told)

    try_it()

    what = f"malformed files of invoices ({request.node.callspec.id.rpartition('-')[2]})"
    inputs = told["refused"] + told["imported"]
    figure = f"{inputs:,} tried, {told['refused']:,} refused with {told['errors']:,} errors, 0 tracebacks"
    prove(12, what, figure)
    assert told["refused"] > 0
    assert told["imported"] > 0


@pytest.mark.parametrize(
    "content",
    [b"," * 1_000_000, a_csv(a_row()) + b"," * 1_000_000, a_csv(a_row(amount="x" * 999_999)), a_csv([""] * 511)],
    ids=["a million columns", "a million columns below", "a cell of a million letters", "columns without names"],
)
def test_a_file_far_beyond_any_limit_is_all_or_nothing(db: Database, content: bytes) -> None:
    told: Counter[str] = Counter()

    import_it(db, content, told)

    assert sum(told.values()) > 0
