"""Messages that notices leave in the outbox."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class SendNotice(Message, frozen=True):
    """Put a notice into words and hand it over to its channel."""

    kind: ClassVar[str] = "send_notice"
    notice_id: int
