"""Messages that notices leave in the outbox."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class SendNotice(Message, frozen=True):
    """Put a notice into words and hand it over to its channel."""

    kind: ClassVar[str] = "send_notice"
    notice_id: int


class CallAgain(Message, frozen=True):
    """Some days after nobody was reached: have somebody call again about these invoices, if that is still right."""

    kind: ClassVar[str] = "call_again"
    call_id: int
    invoice_ids: tuple[int, ...]
