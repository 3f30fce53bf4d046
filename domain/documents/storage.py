"""Storage: the port to wherever the bytes of documents lie, found by their SHA-256 and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol, runtime_checkable


class Missing(Exception):
    """The store does not have what the books say it has: somebody has to look."""


class Unavailable(Exception):
    """The store cannot be reached, or takes nothing just now: try again later."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store took: SHA-256 of the content in hexadecimal, and its length in bytes."""

    sha256: str
    size: int


@runtime_checkable
class Store(Protocol):
    """Keeps contents until they are erased; the same content twice is kept once. Each act may raise Unavailable."""

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """Keep the content, whole or in pieces; it is safe on disk when this returns."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Read a content from its beginning; the caller closes it. Raises Missing."""
        ...

    def remove(self, sha256: str) -> None:
        """Let go of a content for good: only for an erasure. Nothing happens where it is not there."""
        ...


class AtHand:
    """A store of which some contents were fetched before, so that a transaction reads them and asks nobody outside."""

    def __init__(self, store: Store, wanted: Iterable[str]) -> None:
        self._store = store
        self._contents = {sha256: _read(store, sha256) for sha256 in wanted}

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """Keep it in the store itself."""
        return self._store.put(content)

    def open(self, sha256: str) -> BinaryIO:
        """Read what is at hand, else ask the store."""
        content = self._contents.get(sha256)
        return self._store.open(sha256) if content is None else BytesIO(content)

    def remove(self, sha256: str) -> None:
        """Let the store itself let go of it."""
        self._store.remove(sha256)


def _read(store: Store, sha256: str) -> bytes:
    with store.open(sha256) as content:
        return content.read()
