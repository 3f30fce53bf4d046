"""Opening: hand out a document, and write down who had it."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, ClassVar

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.documents import queries
from domain.documents.model import Document
from domain.documents.storage import Store
from domain.outbox.sending import Message, add
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.errors import N_, NotFound


class Opened(Message, frozen=True):
    """Somebody opened a document; the page that only reads leaves this, and the audit row is written from it."""

    kind: ClassVar[str] = "document_opened"
    document_id: int
    actor_kind: ActorKind
    actor_id: int | None
    address: str | None
    at: datetime


def open_document(session: Session, store: Store, document: AnyRow, *, actor: Actor) -> BinaryIO:
    """The content of a row of `queries`, from its beginning; leaves the message that it was opened.

    NotFound, in words, where the content was erased.
    """
    if queries.is_erased(session, document.id):
        raise NotFound(N_("The content of this document was erased."))
    content = store.open(document.sha256)
    message = Opened(document.id, actor.kind, actor.id, actor.address, now(session))
    add(session, message, account_id=document.account_id)
    return content


def write_down(session: Session, message: Opened) -> None:
    """Write down in the audit trail who opened which document, and when they did."""
    document = session.get_one(Document, message.document_id)
    record(
        session,
        "document.opened",
        actor=Actor(message.actor_kind, message.actor_id, message.address),
        subject=("document", document.id),
        account_id=document.account_id,
        at=message.at,
    )
