"""Messages that payments leave in the outbox; their handlers live in the composition root."""

from typing import ClassVar

from domain.outbox.sending import Message


class LookUp(Message, frozen=True):
    """Ask the processor how a payment stands, because somebody waits for it."""

    kind: ClassVar[str] = "look_up"
    payment_id: int


class EndIntent(Message, frozen=True):
    """Have the processor end what a failed payment has left there, so that no money can come of it later."""

    kind: ClassVar[str] = "end_intent"
    payment_id: int
