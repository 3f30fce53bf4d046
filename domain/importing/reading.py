"""Reading: open a file of rows, whichever kind of spreadsheet it comes from."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO

from domain.importing import csv_files, workbooks
from domain.importing.problems import Unreadable
from domain.importing.tables import LARGEST_FILE, NAMES, TOO_LARGE, Table, as_table
from domain.shared.errors import N_

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
NO_TABLES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x7fELF": "ELF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
}
"""How files begin that are no tables, whatever their name; as text they would only be nonsense."""
BLOCK = 1024 * 1024

NEWER = N_("a CSV file or an Excel workbook saved as .xlsx without a password")


@contextmanager
def opened(
    stream: BinaryIO,
    *,
    wanted: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
) -> Iterator[Table]:
    """The table in a CSV file or workbook (told apart by content). The stream must be seekable, and stays open.

    `wanted` are the column names to look for. Raises Unreadable, also later from the table's records.
    """
    size = stream.seek(0, os.SEEK_END)
    if size > LARGEST_FILE:
        raise Unreadable(TOO_LARGE, found=f"{size >> 20} MB", limit=LARGEST_FILE >> 20)
    stream.seek(0)
    magic = stream.read(4)
    if not magic:
        raise Unreadable(NAMES, found="")
    if magic == OLE:
        raise Unreadable(NEWER, found=".xls")
    for signature, found in NO_TABLES.items():
        if magic.startswith(signature):
            raise Unreadable(NEWER, found=found)
    source = (
        workbooks.opened(stream, sheet=sheet)
        if magic == ZIP
        else csv_files.opened(stream, encoding=encoding, separator=separator, wanted=wanted)
    )
    with source as (records, read_as):
        yield as_table(records, wanted, read_as)


def digest(stream: BinaryIO) -> tuple[str, int]:
    """The SHA-256 of the whole stream in hex, and its size in bytes."""
    whole, size = sha256(), 0
    for block in blocks(stream):
        whole.update(block)
        size += len(block)
    return whole.hexdigest(), size


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The whole stream, piece by piece."""
    stream.seek(0)
    while block := stream.read(BLOCK):
        yield block
