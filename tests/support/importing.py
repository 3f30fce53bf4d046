"""Importing: little files, a mapping for them, and an import from beginning to end, as tests need them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from domain.importing import booking, preparing
from domain.importing.mapping import FileMapping, Ours
from domain.importing.queries import Preview, preview
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database

HEADERS = ("account", "invoice", "issued", "due", "amount", "paid", "name", "email", "delivered", "tax", "text")
COLUMNS = dict(
    zip(
        (
            Ours.ACCOUNT_NUMBER,
            Ours.INVOICE_NUMBER,
            Ours.ISSUED_ON,
            Ours.DUE_ON,
            Ours.AMOUNT,
            Ours.PAID_ON,
            Ours.ACCOUNT_NAME,
            Ours.EMAIL,
            Ours.DELIVERED_ON,
            Ours.TAX,
            Ours.DESCRIPTION,
        ),
        HEADERS,
        strict=True,
    )
)
MAPPING = FileMapping(COLUMNS, currency="GBP")


def a_row(
    account: Any = "C-1",
    invoice: Any = "1001",
    *,
    issued: Any = "2026-01-05",
    due: Any = "2026-02-04",
    amount: Any = "120.00",
    paid: Any = "",
    name: Any = "",
    email: Any = "",
    delivered: Any = "",
    tax: Any = "",
    text: Any = "",
) -> list[Any]:
    """One row of a file, of an open invoice unless said otherwise."""
    return [account, invoice, issued, due, amount, paid, name, email, delivered, tax, text]


def a_csv(*rows: Sequence[Any], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """A CSV file of these rows below the names of the columns."""
    return "".join(separator.join(map(str, row)) + "\r\n" for row in (HEADERS, *rows)).encode(encoding)


def a_workbook(*rows: Sequence[Any], sheet: str = "Ledger") -> bytes:
    """An Excel workbook of these rows below the names of the columns."""
    content = io.BytesIO()
    with closing(Workbook(write_only=True)) as workbook:
        page = workbook.create_sheet(sheet)
        for row in (HEADERS, *rows):
            page.append(list(row))
        workbook.save(content)
    return content.getvalue()


def prepared(db: Database, content: bytes, mapping: FileMapping = MAPPING, **changes: Any) -> Preview:
    """A file as it is previewed."""
    batch_id = preparing.prepare(db, io.BytesIO(content), "ledger.csv", replace(mapping, **changes), actor=OPERATOR)
    with db.reading() as session:
        return preview(session, batch_id)


def booked(db: Database, content: bytes, mapping: FileMapping = MAPPING, **changes: Any) -> Preview:
    """A file as it was imported."""
    seen = prepared(db, content, mapping, **changes)
    with db.transaction() as session:
        booking.book(session, seen.id, actor=OPERATOR)
        return preview(session, seen.id)


def places(seen: Preview) -> Iterator[tuple[int | None, str | None, str]]:
    """Where the errors of a preview are, and what was found there."""
    return ((problem.row, problem.column, problem.found) for problem in seen.errors)
