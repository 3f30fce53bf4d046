"""Messages that disputes leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.outbox.sending import Message


class News(StrEnum):
    """What there is to tell of a dispute: that we have it, or how it ended."""

    RAISED = "raised"
    ENDED = "ended"


class TellDispute(Message, frozen=True):
    """Mail whoever raised a dispute the news of it."""

    kind: ClassVar[str] = "tell_dispute"
    dispute_id: int
    news: News
