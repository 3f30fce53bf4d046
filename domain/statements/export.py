"""Export: a statement as CSV that a spreadsheet can compute with and that cannot make the spreadsheet do anything."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from domain.shared.errors import N_
from domain.shared.words import Speaking
from domain.statements.view import Movement, StatementView

MEDIA_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""

COLUMNS = (N_("Date"), N_("What"), N_("Number"), N_("Amount"), N_("Balance"), N_("Currency"))

COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
"""How a cell begins that a spreadsheet would run, in wide letters too (OWASP, CSV injection)."""


def statement_csv(view: StatementView, speaking: Speaking) -> Iterator[bytes]:
    """The statement row by row, words in the reader's language, days in ISO 8601, amounts with a decimal point.

    The first row after the names of the columns is the opening balance, the last one the closing balance.
    """
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(name) for name in COLUMNS])).encode()
    opening = speaking.translate(N_("Brought forward"))
    yield csv_row([view.first.isoformat(), opening, "", "", str(view.opening.decimal), view.currency]).encode()
    for movement in view.movements:
        yield csv_row(_cells(movement, speaking)).encode()
    closing = speaking.translate(N_("Balance on {day}"), day=view.last)
    yield csv_row([view.last.isoformat(), closing, "", "", str(view.closing.decimal), view.currency]).encode()


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe in front of what begins like one."""
    return f"'{text}" if text.startswith(COMMANDS) else text


def csv_row(cells: Sequence[str]) -> str:
    """One row of a CSV file, with its line end."""
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cells(movement: Movement, speaking: Speaking) -> list[str]:
    number = movement.subject.number if movement.subject else None
    return [
        movement.on.isoformat(),
        safe_cell(speaking.translate(movement.words.text, **movement.words.params)),
        safe_cell(number or ""),
        str(movement.amount.decimal),
        "" if movement.balance is None else str(movement.balance.decimal),
        movement.amount.currency,
    ]
