"""Opening: hand out a document, and write down who had it."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, ClassVar

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.documents import queries
from domain.documents.model import Document
from domain.documents.storage import Missing, Store
from domain.outbox.sending import Message, add
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, NotFound


class Opened(Message, frozen=True):
    """Somebody opened a document; the page that only reads leaves this, and the audit row is written from it."""

    kind: ClassVar[str] = "document_opened"
    document_id: int
    actor_kind: ActorKind
    actor_id: int | None
    address: str | None
    at: datetime


def open_document(database: Database, store: Store, document: AnyRow, *, actor: Actor) -> BinaryIO:
    """The content of a row of `queries`, from its beginning; leaves the message that it was opened.

    No transaction is open while the store is asked: it may be far away. What cannot be handed out leaves no message:
    NotFound, in words, where the content was erased, else what the store raises.
    """
    try:
        content = store.open(document.sha256)
    except Missing:
        with database.reading() as session:
            _refuse_erased(session, document.id)
        raise
    try:
        with database.transaction() as session:
            _refuse_erased(session, document.id)
            message = Opened(document.id, actor.kind, actor.id, actor.address, now(session))
            add(session, message, account_id=document.account_id)
    except BaseException:
        content.close()
        raise
    return content


def _refuse_erased(session: Session, document_id: int) -> None:
    if queries.is_erased(session, document_id):
        raise NotFound(N_("The content of this document was erased."))


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
