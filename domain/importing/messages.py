"""Messages that importing leaves in the outbox, so that a long file is worked on while nobody has to wait for it."""

from __future__ import annotations

from typing import Any, ClassVar

from domain.outbox.sending import Message


class ReadFile(Message, frozen=True):
    """Read an uploaded file by its mapping, and check it; booking comes later."""

    kind: ClassVar[str] = "read_file"
    document_id: int
    mapping: dict[str, Any]
    staff_id: int
    address: str | None


class BookFile(Message, frozen=True):
    """Book a file that was previewed."""

    kind: ClassVar[str] = "book_file"
    batch_id: int
    staff_id: int
    address: str | None
