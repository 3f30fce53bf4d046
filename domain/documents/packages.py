"""Packages: many papers at once in a ZIP, each file named by the number of the invoice that it is about."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from domain.documents.kinds import BLOCK, LARGEST
from domain.shared.errors import N_, Invalid
from domain.shared.zips import UNREADABLE

MOST_PAPERS: Final = 500
MOST_UNPACKED: Final = 500 * 1024 * 1024
IN_MEMORY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of a package, open: its name there, the number that it is named by, and its bytes.

    Of one that `is_damaged` there are only those that could be read.
    """

    filename: str
    number: str
    file: BinaryIO
    is_damaged: bool = False


class _Damaged(Exception):
    """A file of a package cannot be read to its end."""


@contextmanager
def opened(package: BinaryIO, *, field: str = "file") -> Iterator[Iterator[Packed]]:
    """The files of a package, one at a time, each gone when the next one comes.

    Invalid, beside `field`, for what is no ZIP, is locked, or has too many or too large files in it.
    """
    try:
        archive = zipfile.ZipFile(package)
    except UNREADABLE as problem:
        raise Invalid(N_("This is no ZIP archive that can be opened."), field=field) from problem
    with archive:
        yield _each(archive, _members(archive, field))


def _members(archive: zipfile.ZipFile, field: str) -> list[zipfile.ZipInfo]:
    members = [each for each in archive.infolist() if not each.is_dir() and not _is_clutter(each.filename)]
    if not members:
        raise Invalid(N_("There is no file in this archive."), field=field)
    if len(members) > MOST_PAPERS:
        raise Invalid(N_("Send at most {most} files at once."), field=field, most=MOST_PAPERS)
    if sum(each.file_size for each in members) > MOST_UNPACKED or any(each.flag_bits & 1 for each in members):
        raise Invalid(N_("This archive is locked, or would be too large when it is unpacked."), field=field)
    return members


def _each(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[Packed]:
    for member in members:
        with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            is_damaged = not _is_unpacked(archive, member, cast("BinaryIO", file))
            file.seek(0)
            path = PurePosixPath(member.filename.replace("\\", "/"))
            yield Packed(path.name, number_in(path.stem), cast("BinaryIO", file), is_damaged)


def _is_unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: BinaryIO) -> bool:
    try:
        file.writelines(_blocks(archive, member))
    except _Damaged:
        return False
    return True


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What is in a file of the archive, no more of it than is needed to see that it is too large; raises _Damaged."""
    left = LARGEST + 1
    try:
        with archive.open(member) as packed:
            while left > 0 and (block := packed.read(min(BLOCK, left))):
                yield block
                left -= len(block)
    except UNREADABLE as problem:
        raise _Damaged from problem


def number_in(stem: str) -> str:
    """The number by which a file is named: what stands before a space or two underscores, as in `INV-7 page 2`."""
    return stem.strip().partition(" ")[0].partition("__")[0]


def _is_clutter(name: str) -> bool:
    """What operating systems put into archives by themselves."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1:] in {(".DS_Store",), ("Thumbs.db",)}
