"""CSV files: whatever encoding and separator a spreadsheet gave them, read row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from domain.importing import encodings
from domain.importing.problems import Unreadable
from domain.importing.tables import HEADER_WITHIN, LONGEST_RECORD, Record
from domain.shared.errors import N_

SEPARATORS = ",;\t|"
SAMPLE = 64 * 1024
SEPARATOR_LINE = "sep="

A_RECORD = N_("a row of {limit} characters at most")
QUOTES = N_('a row whose cells are separated, and quoted only as "…", with a quotation mark inside as ""')
TEXT = N_("text in the encoding {encoding}")


@contextmanager
def opened(
    stream: BinaryIO, *, encoding: str | None, separator: str | None, wanted: Collection[str]
) -> Iterator[tuple[Iterator[Record], dict[str, str]]]:
    """The rows of a CSV file, and how it was read; what is not declared is found out. The stream stays open."""
    found, certain = (encoding, True) if encoding else encodings.detect(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=found, errors="replace", newline="")
    try:
        start, chosen = _separator(text, found, separator, wanted)
        read_as = {"encoding": found, "separator": chosen}
        if not certain:
            read_as["guessed"] = "encoding"
        yield _records(text, chosen, start), read_as
    finally:
        text.detach()


def _separator(text: io.TextIOWrapper, encoding: str, declared: str | None, wanted: Collection[str]) -> tuple[int, str]:
    """The rows to leave out at the top (Excel's `sep=;`) and the separator; the text stands behind those rows."""
    try:
        sample = text.read(SAMPLE)
        text.seek(0)
    except UnicodeError as problem:
        raise Unreadable(TEXT, found=str(problem), encoding=encoding) from problem
    first = sample.split("\n", 1)[0].rstrip("\r")
    if first.lower().startswith(SEPARATOR_LINE) and len(first) == len(SEPARATOR_LINE) + 1:
        text.readline()
        return 1, declared or first[-1]
    return 0, declared or max(SEPARATORS, key=lambda each: _fit(sample, each, wanted))


def _fit(sample: str, separator: str, wanted: Collection[str]) -> tuple[int, int]:
    """How well a separator explains the first rows: the wanted names that it finds, then the columns of a row."""
    rows = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            rows.append(cells)
            if len(rows) == HEADER_WITHIN:
                break
    except csv.Error:
        return (0, 0)
    names = {name.strip().casefold() for name in wanted}
    known = max((len(names & {cell.strip().casefold() for cell in cells}) for cells in rows), default=0)
    return known, min((len(cells) for cells in rows if cells), default=0)


def _records(text: io.TextIOWrapper, separator: str, row: int) -> Iterator[Record]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for cells in reader:
            row += 1
            lines.length = 0
            yield row, cells
    except _TooLong:
        raise Unreadable(A_RECORD, row=row + 1, found="…", limit=LONGEST_RECORD) from None
    except csv.Error as problem:
        raise Unreadable(QUOTES, row=row + 1, found=str(problem)) from problem
    except UnicodeError as problem:
        raise Unreadable(TEXT, row=row + 1, found=str(problem), encoding=text.encoding) from problem


class _TooLong(Exception):
    """A row that has no end."""


class _Lines:
    """Lines of text, until one row takes too many characters of them."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.length = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_RECORD + 1)
        self.length += len(line)
        if self.length > LONGEST_RECORD:
            raise _TooLong
        if not line:
            raise StopIteration
        return line
