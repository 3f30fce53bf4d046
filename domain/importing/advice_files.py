"""Advice files: which of an account's invoices a CSV file or a PDF speaks of, and how much of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from domain.importing import reading
from domain.importing.problems import Unreadable
from domain.receivables.references import invoices_in
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money

LARGEST_ADVICE = 5 * 1024 * 1024
"""Bytes of an advice."""
MOST_PAGES = 30
MOST_ROWS = 5_000
LONGEST_LINE = 2_000
PDF = b"%PDF-"
NEITHER = N_("Choose a CSV file or a PDF of at most {limit} MB, without a password.")
NOTHING_FOUND = N_("None of your open invoices is named in this file. Enter the amounts yourself.")
AMOUNT = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,' ]?\d{3})*(?:[.,]\d{2})(?![\w])|(?<![\w.,])\d+[.,]\d{2}(?!\w)")


def media_type_of(stream: BinaryIO) -> str:
    """What the file is by its content, whatever it is called; Invalid for anything but text and PDF."""
    stream.seek(0)
    start = stream.read(4096)
    stream.seek(0, 2)
    if not start or stream.tell() > LARGEST_ADVICE:
        raise _refused()
    if start.startswith(PDF):
        return "application/pdf"
    if PDF in start or _is_binary(start):
        raise _refused()
    return "text/csv"


def shares_in(stream: BinaryIO, open_invoices: Mapping[int, tuple[str, Money]]) -> dict[int, Money]:
    """Which open invoices (id → number, what is open) a file names, by our reference or number, and how much of each.

    An amount on the same line counts, up to what is open; without one all that is open does. Invalid for a file that
    is neither, cannot be read, or names none of them.
    """
    kind = media_type_of(stream)
    stream.seek(0)
    try:
        lines = list(_pdf_lines(stream) if kind == "application/pdf" else _csv_lines(stream))
    except (Unreadable, PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as problem:
        raise _refused() from problem
    found = _shares(lines, open_invoices)
    if not found:
        raise Invalid(NOTHING_FOUND, field="file")
    return found


def _shares(lines: Iterable[str], open_invoices: Mapping[int, tuple[str, Money]]) -> dict[int, Money]:
    by_number = {number.casefold(): invoice_id for invoice_id, (number, _) in open_invoices.items()}
    words = "|".join(re.escape(number) for number in sorted(by_number, key=len, reverse=True))
    named = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) if words else None
    shares: dict[int, Money] = {}
    for line in lines:
        numbers = [by_number[match.casefold()] for match in named.findall(line)] if named else []
        for invoice_id in dict.fromkeys([*invoices_in(line), *numbers]):
            if invoice_id in open_invoices:
                number, still_open = open_invoices[invoice_id]
                amount = _amount_in(line.replace(number, " "), still_open.currency)
                shares.setdefault(invoice_id, min(amount or still_open, still_open))
    return shares


def _amount_in(line: str, currency: str) -> Money | None:
    """The last amount with decimals on a line; None where there is none above zero."""
    found = AMOUNT.findall(line)
    if not found:
        return None
    whole, part = re.split(r"[.,](?=\d{2}$)", found[-1])
    try:
        amount = Money.of(Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{part}"), currency)
    except ValueError:
        return None
    return amount if amount.minor > 0 else None


def _csv_lines(stream: BinaryIO) -> Iterator[str]:
    with reading.opened(stream) as table:
        yield " ; ".join(table.headers)[:LONGEST_LINE]
        for count, (_, cells) in enumerate(table.records):
            if count == MOST_ROWS:
                raise _refused()
            yield " ; ".join(str(cell) for cell in cells)[:LONGEST_LINE]


def _pdf_lines(stream: BinaryIO) -> Iterator[str]:
    reader = PdfReader(stream)
    if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
        raise _refused()
    for page in reader.pages:
        for line in page.extract_text().splitlines()[:MOST_ROWS]:
            yield line[:LONGEST_LINE]


def _is_binary(start: bytes) -> bool:
    """Whether control characters stand in it that no text has."""
    return any(byte < 32 and byte not in b"\t\n\r\f" for byte in start)


def _refused() -> Invalid:
    return Invalid(NEITHER, field="file", limit=LARGEST_ADVICE // (1024 * 1024))
