"""Messages that saved methods leave in the outbox; their handlers live in the composition root."""

from typing import ClassVar

from domain.outbox.sending import Message


class ForgetMethod(Message, frozen=True):
    """Have the processor forget a method that its owner has removed."""

    kind: ClassVar[str] = "forget_method"
    saved_method_id: int
