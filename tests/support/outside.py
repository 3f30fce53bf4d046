"""Outside: mail, documents and papers in memory, and mail that has bad luck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from sqlalchemy import Connection, QueuePool

from domain.documents.storage import Missing, Stored
from domain.shared.db.session import Database
from domain.shared.mail import Email


class MemoryMail:
    """Keeps what was sent; `trouble` is raised by the next sends, in turn."""

    def __init__(self) -> None:
        self.sent: list[Email] = []
        self.trouble: list[Exception] = []

    def send(self, email: Email) -> None:
        """Keep it."""
        if self.trouble:
            raise self.trouble.pop(0)
        self.sent.append(email)


class MemoryStore:
    """Keeps contents by their hash."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """Keep it."""
        whole = content if isinstance(content, bytes) else b"".join(content)
        name = sha256(whole).hexdigest()
        self.contents[name] = whole
        return Stored(name, len(whole))

    def open(self, sha256: str) -> BinaryIO:
        """Read it."""
        if sha256 not in self.contents:
            raise Missing(sha256)
        return BytesIO(self.contents[sha256])

    def remove(self, sha256: str) -> None:
        """Let go of it."""
        self.contents.pop(sha256, None)


class FarStore(MemoryStore):
    """Is far away: who asks it for a content holds no transaction open meanwhile, neither to write nor to read."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self.near = MemoryStore()
        """The same contents, for a test that prepares something in one transaction."""
        self.near.contents = self.contents

    def open(self, sha256: str) -> BinaryIO:
        """Read it."""
        assert not self._is_in_use(), "the store was asked within a transaction"
        return super().open(sha256)

    def _is_in_use(self) -> bool:
        bind = self._database.bind
        if isinstance(bind, Connection):
            return bind.in_nested_transaction()
        assert isinstance(bind.pool, QueuePool)
        return bind.pool.checkedout() > 0


class PlainRenderer:
    """Papers that are only as long as their name."""

    def render(self, template: str, data: Mapping[str, object], language: str) -> bytes:
        """A paper that says which one it is."""
        return f"%PDF {template} {data.get('number')} {language}".encode()
