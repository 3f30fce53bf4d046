"""Incoming: a message that somebody has written to us, in one line."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from domain.notices.incoming.model import Incoming
from domain.notices.incoming.taking_in import take_in
from domain.policies.contacting import Channel
from domain.shared.actor import WORKER

_numbers = count(1)


def a_message(session: Session, sender: str = "a@b.example", **more: Any) -> Incoming:
    """A mail comes in that we have not had before."""
    given = {"channel": Channel.EMAIL, "subject": "Hello", "body": "Hi", "written_at": None, "actor": WORKER}
    message = take_in(session, message_id=f"<{next(_numbers)}@x>", sender=sender, **{**given, **more})
    assert message is not None
    return message
