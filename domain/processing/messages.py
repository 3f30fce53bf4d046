"""Messages that processing leaves in the outbox; their handlers live in the composition root."""

from typing import ClassVar

from domain.outbox.sending import Message


class SendReceipt(Message, frozen=True):
    """Mail the receipt of a recorded payment to whoever paid."""

    kind: ClassVar[str] = "send_receipt"
    payment_id: int


class LookUp(Message, frozen=True):
    """Ask the processor how a payment stands, because somebody waits for it."""

    kind: ClassVar[str] = "look_up"
    payment_id: int
