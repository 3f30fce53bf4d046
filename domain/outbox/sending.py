"""Sending: leave a message in the transaction that makes it true; it is handled once that has committed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec
from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.outbox.model import OUTBOX
from domain.shared.db.session import now


class Message(msgspec.Struct, frozen=True):
    """What every message is: ids under a `kind` that names its handler, never a secret. Lives with its sender."""

    kind: ClassVar[str]


def add(session: Session, message: Message, *, due_at: datetime | None = None, account_id: int | None = None) -> int:
    """Leave `message` in the outbox, due now or at `due_at`; returns its row's id."""
    values = {
        "kind": message.kind,
        "payload": msgspec.to_builtins(message),
        "account_id": account_id,
        "created_at": now(session),
        "due_at": due_at or now(session),
        "attempts": 0,
    }
    return int(session.execute(INSERT, values).scalar_one())


INSERT = insert(OUTBOX).returning(OUTBOX.c.id)
