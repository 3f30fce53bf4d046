"""Reader: finds out by its content what kind of bank file somebody gave us, and has it read."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import BinaryIO

from adapters.bank_files import camt053, checking, mt940, ofx, tables
from adapters.bank_files.checking import LARGEST_FILE, refuse
from domain.banking.columns import BankColumns
from domain.banking.files import BankFile, BankStatementPage, FileFormat, TableLook
from domain.importing import encodings
from domain.importing.cells import CONTROLS
from domain.shared.errors import N_
from domain.shared.words import Words

HEAD = 64 * 1024
MT940_BEGINS = re.compile(r"(?:^|[\r\n]):20:"), re.compile(r"[\r\n]:(?:25P?|60[FM]):")
OFX_BEGINS = re.compile(r"OFXHEADER\s*[:=]|<OFX>", re.IGNORECASE)
XML_BEGINS = re.compile(r"\s*<")
FRAMES = dict.fromkeys(map(ord, "\x01\x03\ufeff"))
"""What telex lines, and marks of byte order, have left at the ends of a text."""

TELL_COLUMNS = N_("a CAMT.053, MT940 or OFX file; of a table, say first which column holds what")
ONE_ENCODING = N_("text that is all in one encoding, without control characters")
ON_LINE = N_("line {line}")


class BankFiles:
    """Reads bank files of every kind that we know; see domain.banking.files.BankFileReader."""

    def format_of(self, stream: BinaryIO) -> FileFormat:
        """What kind of file this is; whatever is none of the others is taken for a table."""
        _refuse_size(stream)
        encoding, _ = encodings.detect(stream)
        stream.seek(0)
        head = stream.read(HEAD).decode(encoding, errors="replace").lstrip("\ufeff")
        stream.seek(0)
        if OFX_BEGINS.search(head):
            return FileFormat.OFX
        if XML_BEGINS.match(head):
            return FileFormat.CAMT053
        is_mt940 = all(field.search(head) for field in MT940_BEGINS)
        return FileFormat.MT940 if is_mt940 else FileFormat.TABLE

    def read(self, stream: BinaryIO, filename: str, *, columns: BankColumns | None = None) -> BankFile:
        """The whole file, or BadBankFile; `filename` is only for what is said of it: content decides."""
        bank_file = self._read(stream, filename, columns)
        return replace(bank_file, statements=tuple(map(_without_nothing, bank_file.statements)))

    def _read(self, stream: BinaryIO, filename: str, columns: BankColumns | None) -> BankFile:
        found = self.format_of(stream)
        if found is FileFormat.CAMT053:
            return camt053.read(stream)
        if found is FileFormat.OFX:
            return ofx.read(stream)
        if found is FileFormat.MT940:
            return mt940.read(_text(stream))
        if columns is None:
            raise refuse(filename, TELL_COLUMNS)
        return tables.read(stream, columns)

    def look(self, stream: BinaryIO) -> TableLook:
        """The beginning of a table; BadBankFile where there is none to see."""
        _refuse_size(stream)
        return tables.look(stream)


def _without_nothing(page: BankStatementPage) -> BankStatementPage:
    """The statement without entries of 0.00, by which banks tell news."""
    return replace(page, lines=tuple(line for line in page.lines if line.amount))


def _refuse_size(stream: BinaryIO) -> None:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if size == 0:
        raise refuse("", checking.A_STATEMENT)
    if size > LARGEST_FILE:
        raise refuse(f"{size >> 20} MB", checking.SMALLER, limit=LARGEST_FILE >> 20)


def _text(stream: BinaryIO) -> str:
    """All of a text file; BadBankFile naming the line where its letters cannot be read."""
    encoding, _ = encodings.detect(stream)
    content = checking.held(stream)
    text = content.decode(encoding, errors="replace").translate(FRAMES)
    for number, line in enumerate(text.splitlines(), start=1):
        if CONTROLS.search(line.replace("\t", " ")):
            raise refuse(line, ONE_ENCODING, Words.of(ON_LINE, line=number))
    return text
