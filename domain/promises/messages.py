"""Messages that promises leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class TellPromise(Message, frozen=True):
    """Mail whoever made a promise, else the account, what was promised."""

    kind: ClassVar[str] = "tell_promise"
    promise_id: int
