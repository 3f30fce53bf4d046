"""Messages that notices leave in the outbox."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message
from domain.policies.contacting import Channel, Wording


class SendNotice(Message, frozen=True):
    """Put a notice into words and hand it over to its channel."""

    kind: ClassVar[str] = "send_notice"
    notice_id: int


class CallAgain(Message, frozen=True):
    """Some days after nobody was reached: have somebody call again about these invoices, if that is still right."""

    kind: ClassVar[str] = "call_again"
    call_id: int
    invoice_ids: tuple[int, ...]


class TryText(Message, frozen=True):
    """Mail a text to the member of staff who is writing it, as it was typed, on what an account really owes.

    `mark` makes the message id: the same for every try of one wish, another for the next wish.
    """

    kind: ClassVar[str] = "try_text"
    mark: str
    staff_id: int
    account_number: str
    wording: Wording
    channel: Channel
    language: str
    subject: str
    body: str
