"""Kinds: what a file is by its content, whatever it is called; only what we are willing to keep from outside."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from domain.documents.archives import office_kind
from domain.shared.errors import N_, Invalid

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that somebody sends us to keep."""
BLOCK = 64 * 1024
"""Bytes that are read of a file at once."""
LOOKED_AT = 4096
"""Bytes in which no other kind may begin than the one that the file is."""
NEVER_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f"))
NOT_KEPT = N_("Send a PDF, a picture (PNG or JPEG), a text or CSV file, or a document of Word, Excel or OpenOffice.")


class MediaType(StrEnum):
    """The media types of what we keep from outside."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"
    CSV = "text/csv"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"


PICTURES = frozenset({MediaType.PNG, MediaType.JPEG})
ENDINGS = {
    MediaType.PDF: (".pdf",),
    MediaType.PNG: (".png",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.TEXT: (".txt", ".csv", ".md", ".log", ".eml"),
    MediaType.CSV: (".csv",),
    MediaType.DOCX: (".docx",),
    MediaType.XLSX: (".xlsx",),
    MediaType.ODT: (".odt",),
    MediaType.ODS: (".ods",),
}
"""How the names of each kind end; what ends otherwise gets the first of these behind it."""
ACCEPT = ",".join(sorted({ending for endings in ENDINGS.values() for ending in endings}))
"""What a browser offers in a field for files."""


@dataclass(frozen=True, slots=True)
class Begins:
    """How a kind begins: these bytes, at this place."""

    magic: bytes
    media_type: MediaType


BEGINNINGS = (
    Begins(b"%PDF-", MediaType.PDF),
    Begins(b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    Begins(b"\xff\xd8\xff", MediaType.JPEG),
)
ZIP = b"PK\x03\x04"
BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def kind_of(file: BinaryIO, filename: str, *, field: str) -> MediaType:
    """What a file is; Invalid, beside `field`, for anything that we do not keep, for nothing, and for too much.

    The name tells nothing but whether a text is meant as a table. The file is left at its beginning.
    """
    _check_size(file, field)
    start = file.read(LOOKED_AT)
    file.seek(0)
    found = next((each.media_type for each in BEGINNINGS if start.startswith(each.magic)), None)
    if found is not None:
        return found
    if start.startswith(ZIP):
        office = office_kind(file, field=field)
        file.seek(0)
        return MediaType(office)
    if start[4:8] == b"ftyp":
        raise Invalid(N_("This picture or film is in a form that we do not keep. Send it as JPEG."), field=field)
    if any(each.magic in start for each in BEGINNINGS) or not _is_text(file, start):
        raise Invalid(NOT_KEPT, field=field)
    file.seek(0)
    return MediaType.CSV if filename.lower().endswith(".csv") else MediaType.TEXT


def named_for(filename: str, media_type: MediaType) -> str:
    """The name with an ending that fits what the file is, so that nothing opens it as something else."""
    endings = ENDINGS[media_type]
    return filename if filename.lower().endswith(endings) else filename + endings[0]


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """All of a file from its beginning, a block at a time."""
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def _check_size(file: BinaryIO, field: str) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise Invalid(N_("This file is empty."), field=field)
    if size > LARGEST:
        raise Invalid(N_("Send a file of at most {most} megabytes."), field=field, most=LARGEST // (1024 * 1024))


def _is_text(file: BinaryIO, start: bytes) -> bool:
    """Whether there is nothing in it that no text has; what marks itself as UTF-16 has to be that."""
    encoding = next((encoding for bom, encoding in BOMS.items() if start.startswith(bom)), None)
    if encoding is None:
        return all(block.translate(None, NEVER_IN_TEXT) == block for block in blocks(file))
    decoder = codecs.getincrementaldecoder(encoding)()
    never = {chr(code) for code in NEVER_IN_TEXT}
    try:
        if any(not never.isdisjoint(decoder.decode(block)) for block in blocks(file)):
            return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
