"""Trying: a test message to oneself, sent the way every message goes, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.queries import Act
from domain.audit.reading import Wanted, find
from domain.audit.recording import record
from domain.outbox import sending as outbox
from domain.outbox.model import OUTBOX
from domain.outbox.sending import Message
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_, Invalid
from domain.shared.tokens import new_token

SHOWN = 10
TRIED = "setting.tried"


class Way(StrEnum):
    """How a test message goes."""

    EMAIL = "email"
    SMS = "sms"


class TestMessage(Message, frozen=True):
    """Send a test message to somebody of staff; `mark` is the same at every try of one wish."""

    __test__ = False
    kind: ClassVar[str] = "test_message"
    mark: str
    staff_id: int
    way: Way
    to: str


def try_out(session: Session, way: Way, to: str, *, can_text: bool, actor: Actor) -> int:
    """Leave a test message in the outbox; its number. Invalid where nobody carries such messages."""
    if way is Way.SMS and not can_text:
        raise Invalid(N_("Nobody is set up to carry text messages."), field="way")
    assert actor.id is not None, "somebody of staff tries it"
    number = outbox.add(session, TestMessage(new_token()[:16], actor.id, way, to))
    record(session, TRIED, actor=actor, subject=("message", number), after={"way": way, "to": to})
    return number


def tried(session: Session) -> list[tuple[Act, AnyRow | None]]:
    """The last test messages: who asked for each, and how it stands; None where that was cleared away."""
    acts = find(session, Wanted(acts=(TRIED,)), limit=SHOWN).acts
    rows = session.execute(select(OUTBOX).where(OUTBOX.c.id.in_([int(act.subject_id) for act in acts]))).all()
    by_number = {str(row.id): row for row in rows}
    return [(act, by_number.get(act.subject_id)) for act in acts]
