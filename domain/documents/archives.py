"""Archives: which office document a ZIP is, by what is in it; nothing is unpacked but the page that says so."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from domain.shared.errors import N_, Invalid
from domain.shared.zips import UNREADABLE

MOST_MEMBERS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes that all of it may come to when somebody unpacks it."""
MOST_RATIO = 200
"""How many times its size what is in it may be, beyond `FREELY_PACKED`: text packs well, bombs pack better."""
FREELY_PACKED = 1024 * 1024
LONGEST_LABEL = 256 * 1024
"""Bytes that are unpacked of the page that says what the document is."""
LABELS = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}
"""What `[Content_Types].xml` says of the main part (ECMA-376, part 2), and the media type of the whole."""
OPEN_DOCUMENTS = frozenset(
    {"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"}
)
"""What the member `mimetype` says (OASIS OpenDocument 1.3, part 2), which is the media type of the whole."""
DAMAGED = N_("This file is damaged: it cannot be opened.")
NOT_OFFICE = N_("This archive is no document of Word, Excel or OpenOffice. Send what is in it, file by file.")


def office_kind(file: BinaryIO, *, field: str) -> str:
    """The media type of an office document; Invalid for any other archive, one with macros, or one that is a bomb."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive, file, field)
            return _label(archive, field)
    except UNREADABLE as problem:
        raise Invalid(DAMAGED, field=field) from problem


def _check_members(archive: zipfile.ZipFile, file: BinaryIO, field: str) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    size = file.seek(0, 2)
    if (
        len(members) > MOST_MEMBERS
        or unpacked > MOST_UNPACKED
        or unpacked > max(FREELY_PACKED, MOST_RATIO * size)
        or any(member.file_size > max(FREELY_PACKED, MOST_RATIO * member.compress_size) for member in members)
    ):
        raise Invalid(N_("Unpacked, this file would be too large."), field=field)
    if any(member.flag_bits & 1 for member in members):
        raise Invalid(N_("This file is locked with a password. Send it without one."), field=field)
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise Invalid(N_("There are macros in this file. Send it without them, or as a PDF."), field=field)


def _label(archive: zipfile.ZipFile, field: str) -> str:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as page:
            types = page.read(LONGEST_LABEL)
        found = next((media_type for label, media_type in LABELS.items() if label in types), None)
        if found is not None:
            return found
    if "mimetype" in names:
        with archive.open("mimetype") as page:
            label = page.read(LONGEST_LABEL).decode("ascii", "replace").strip()
        if label in OPEN_DOCUMENTS:
            return label
    raise Invalid(NOT_OFFICE, field=field)
