"""Archives: a ZIP that anybody may have made, looked at without trusting it, and read with flat memory.

Nothing is ever unpacked onto a disk. What a directory claims is checked before a byte is inflated: names, kinds, how
much each file may come to, and that no two of them share their bytes; deflate cannot exceed 1032 : 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from domain.shared.zips import UNREADABLE

MOST_FILES = 200_000
MOST_RATIO = 1_032
"""What deflate can make of a byte at most."""
LONGEST_PATH = 300
BLOCK = 64 * 1024
ENCRYPTED = 1
LINK = 0o120000
KIND = 0o170000


class NoArchive(Exception):
    """It is no ZIP, or none whose directory can be read."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: a code for machines, the file's path or place, what was expected and what was found."""

    code: str
    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.place}: {self.code.replace('-', ' ')} (expected {self.expected}, found {self.found})"


@dataclass(frozen=True, slots=True)
class Read:
    """What a file in the archive came to."""

    size: int
    sha256: str


class Archive:
    """An opened ZIP whose directory has been looked at; `flaws` says what about it is not as a pack's is."""

    def __init__(self, archive: ZipFile, size: int) -> None:
        self._zip = archive
        self._infos: dict[str, ZipInfo] = {}
        self.flaws: list[Flaw] = list(self._look(size))

    @property
    def paths(self) -> set[str]:
        """The files in it."""
        return set(self._infos)

    def digest(self, path: str) -> Read:
        """Size and SHA-256 of a file, block by block; raises one of UNREADABLE."""
        found, size = sha256(), 0
        for block in self._blocks(path):
            found.update(block)
            size += len(block)
        return Read(size, found.hexdigest())

    def content(self, path: str, most: int) -> bytes:
        """A file as a whole; ValueError where it is larger than `most` bytes, else one of UNREADABLE or KeyError."""
        if self._infos[path].file_size > most:
            raise ValueError(f"larger than {most} bytes")
        return b"".join(self._blocks(path))

    def _blocks(self, path: str) -> Iterator[bytes]:
        info, size = self._infos[path], 0
        with self._zip.open(info) as entry:
            while block := entry.read(BLOCK):
                size += len(block)
                if size > info.file_size:
                    raise BadZipFile("comes to more than the directory says")
                yield block

    def _look(self, size: int) -> Iterator[Flaw]:
        infos = self._zip.infolist()
        if len(infos) > MOST_FILES:
            yield Flaw("too-many-files", "ZIP", f"at most {MOST_FILES}", str(len(infos)))
            return
        packed = sum(info.compress_size for info in infos)
        if packed > size:
            yield Flaw("files-overlap", "ZIP", f"at most {size} bytes", f"{packed} bytes")
            return
        if self._zip.comment:
            yield Flaw("comment", "ZIP", "none", f"{len(self._zip.comment)} bytes")
        folded: set[str] = set()
        for info in infos:
            flaw = _flaw_of(info, folded)
            folded.add(info.filename.casefold())
            if flaw is not None:
                yield flaw
            else:
                self._infos[info.filename] = info


@contextmanager
def opened(file: BinaryIO) -> Iterator[Archive]:
    """The archive in a file; NoArchive where there is none."""
    try:
        size = file.seek(0, 2)
        file.seek(0)
        archive = ZipFile(file)
    except UNREADABLE as problem:
        raise NoArchive(str(problem)) from problem
    with archive:
        yield Archive(archive, size)


def _flaw_of(info: ZipInfo, folded: set[str]) -> Flaw | None:
    """Why an entry cannot be one of a pack's files; None where it can."""
    name = info.filename
    shown = ascii(name)[1:-1][:LONGEST_PATH]
    parts = name.split("/")
    if name != info.orig_filename or not name.isascii() or not name.isprintable() or "\\" in name or ":" in name:
        return Flaw("unsafe-name", shown, "a plain path", "another one")
    if len(name) > LONGEST_PATH or any(part in ("", ".", "..") for part in parts):
        return Flaw("unsafe-path", shown, "a path inside the pack", "another one")
    if name.casefold() in folded:
        return Flaw("twice-in-it", shown, "once", "more than once")
    if info.flag_bits & ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return Flaw("packed-otherwise", shown, "deflated, not encrypted", f"method {info.compress_type}")
    if (info.external_attr >> 16) & KIND == LINK:
        return Flaw("link", shown, "a file", "a link")
    if info.file_size > MOST_RATIO * info.compress_size + BLOCK:
        return Flaw("bomb", shown, f"at most {MOST_RATIO} : 1", f"{info.file_size} of {info.compress_size} bytes")
    return None
