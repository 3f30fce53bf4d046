"""Disk: documents in a folder, each under the SHA-256 of its content and never under its own name."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from domain.documents.storage import Missing, Stored

DIGEST = re.compile(r"[0-9a-f]{64}")
READ_ONLY = 0o440


class DiskStore:
    """A store in one folder: two levels of folders by the first digits, so that none gets too full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """Keep the content; it is on disk, with its folder's entry, when this returns.

        It is written under a passing name and then renamed, so a half-written file never has a digest for a name.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        digest, size = sha256(), 0
        descriptor, name = tempfile.mkstemp(prefix=".arriving-", dir=self._folder)
        arriving = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in (content,) if isinstance(content, bytes) else content:
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            self._settle(arriving, digest.hexdigest())
        finally:
            arriving.unlink(missing_ok=True)
        return Stored(digest.hexdigest(), size)

    def open(self, sha256: str) -> BinaryIO:
        """Read a content from its beginning; the caller closes it. Missing when it is not here."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as problem:
            raise Missing(f"the store has no content {sha256}") from problem

    def remove(self, sha256: str) -> None:
        """Let go of a content for good; nothing happens where it is not here."""
        place = self._path(sha256)
        if not place.exists():
            return
        place.unlink()
        _flush(place.parent)

    def _settle(self, arriving: Path, digest: str) -> None:
        place = self._path(digest)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        arriving.chmod(READ_ONLY)
        arriving.replace(place)
        for folder in (place.parent, place.parent.parent, self._folder):
            _flush(folder)

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError("a content is named by the 64 lower-case digits of its SHA-256")
        return self._folder / digest[:2] / digest[2:4] / digest


def _flush(folder: Path) -> None:
    """Make a folder's entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
