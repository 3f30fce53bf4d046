"""Messages about documents that the worker handles after the transaction that wrote them."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class RemoveContent(Message, frozen=True):
    """A document was erased: its content goes, unless somebody else's document has the same."""

    kind: ClassVar[str] = "remove_content"
    sha256: str
