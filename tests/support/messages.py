"""A message for tests of the outbox."""

from typing import ClassVar

from domain.outbox.sending import Message


class Greet(Message, frozen=True):
    """Say hello."""

    kind: ClassVar[str] = "greet"
    name: str
    times: int = 1
