"""Messages that disputes leave in the outbox; their handler lives in the composition root."""

from typing import ClassVar

from domain.outbox.sending import Message


class TellDispute(Message, frozen=True):
    """Mail whoever raised a dispute that we have it ("raised"), or how it ended ("ended")."""

    kind: ClassVar[str] = "tell_dispute"
    dispute_id: int
    news: str
