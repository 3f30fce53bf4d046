"""Filing: put a file into the store and write down what it is, for good."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.documents.model import Category, Document
from domain.documents.storage import Store
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.filenames import safe_name


def file(
    session: Session,
    store: Store,
    content: bytes | Iterable[bytes],
    *,
    media_type: str,
    category: Category,
    filename: str,
    account_id: int | None,
    subject: tuple[str, int],
    actor: Actor,
) -> Document:
    """Keep `content` as a document about `subject` (its kind and id); `filename` is what a download is called.

    The bytes are stored before the row: rolled back, they lie there unnamed and are found again by the same content.
    """
    stored = store.put(content)
    subject_kind, subject_id = subject
    document = Document(
        sha256=stored.sha256,
        size=stored.size,
        media_type=media_type,
        category=category,
        filename=safe_name(filename),
        account_id=account_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        filed_at=now(session),
    )
    session.add(document)
    session.flush()
    record(
        session,
        "document.filed",
        actor=actor,
        subject=("document", document.id),
        account_id=account_id,
        after={"sha256": stored.sha256, "size": stored.size, "category": category, "filename": document.filename},
    )
    return document
