"""Zipping: files into one ZIP, piece by piece, with the hash of each; memory holds one piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import RawIOBase
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from domain.evidence.layout import Listed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READABLE = 0o644 << 16
"""What the files may be once they are unpacked: everybody may read them, nobody run them."""


class _Outlet(RawIOBase):
    """What the ZIP is written into: keeps what was written until it is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        """Keep it."""
        piece = bytes(content)
        self._waiting.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = b"".join(self._waiting)
        self._waiting.clear()
        return piece


class Zipper:
    """Writes one ZIP: each file once, in the order given, all of one moment, so that nothing depends on the clock."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC).timetuple()[:6]
        self._outlet = _Outlet()
        self._zip = ZipFile(self._outlet, "w")
        self.listed: list[Listed] = []

    def add(self, path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of the ZIP that this file comes to; it is in `listed` once all of them are taken."""
        info = ZipInfo(path, self._at)
        info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, READABLE, 3
        digest, size = sha256(), 0
        with self._zip.open(info, "w") as entry:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                entry.write(piece)
                yield self._outlet.taken()
        self.listed.append(Listed(path, size, digest.hexdigest()))
        yield self._outlet.taken()

    def close(self) -> None:
        """Nothing more is added, whether it is whole or not."""
        self._zip.close()

    def end(self) -> bytes:
        """The last bytes of the ZIP: its directory."""
        self.close()
        return self._outlet.taken()
