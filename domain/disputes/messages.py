"""Messages that disputes leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.outbox.sending import Message


class News(StrEnum):
    """What there is to tell of a dispute.

    We have it; we wrote, or ask something, or ask once more; the paper that was missing is there; it goes on in
    another one; it is open again; how it ended.
    """

    RAISED = "raised"
    WROTE = "wrote"
    ASKED = "asked"
    REMINDED = "reminded"
    PAPER = "paper"
    MERGED = "merged"
    REOPENED = "reopened"
    ENDED = "ended"


class TellDispute(Message, frozen=True):
    """Mail whoever raised a dispute the news of it; `message_id` is the message of its thread that it is about."""

    kind: ClassVar[str] = "tell_dispute"
    dispute_id: int
    news: News
    message_id: int | None = None
