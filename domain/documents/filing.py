"""Filing: write down for good what a file is and what it is about: one of ours, or one that was taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.documents import removing
from domain.documents.intake import TakenIn
from domain.documents.model import PICTURES, Category, Document, ForStaff
from domain.documents.storage import Store
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now
from domain.shared.filenames import safe_name

Subject = tuple[str, int]
"""What a document is about: the kind of thing, and its id."""


def file(
    session: Session,
    store: Store,
    content: bytes | Iterable[bytes],
    *,
    media_type: str,
    category: Category,
    filename: str,
    account_id: int | None,
    subject: Subject,
    actor: Actor,
) -> Document:
    """Keep `content`, made by ourselves, as a document about `subject`; `filename` is what a download is called.

    The bytes are stored before the row: rolled back, they lie there unnamed and are found again by the same content.
    """
    stored = store.put(content)
    taken = TakenIn(stored.sha256, stored.size, media_type, safe_name(filename))
    return enter(session, taken, category=category, account_id=account_id, subject=subject, actor=actor)


def enter(
    session: Session,
    taken: TakenIn,
    *,
    category: Category,
    account_id: int | None,
    subject: Subject,
    actor: Actor,
    for_staff: bool = False,
) -> Document:
    """Make a document of what `intake` has taken in; one that is `for_staff` its customer never sees.

    Conflict where the same content is just leaving the store.
    """
    removing.keep(session, taken.sha256)
    subject_kind, subject_id = subject
    document = Document(
        sha256=taken.sha256,
        size=taken.size,
        media_type=taken.media_type,
        category=category,
        filename=taken.filename,
        account_id=account_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        filed_at=now(session),
    )
    session.add(document)
    session.flush()
    if taken.picture is not None:
        width, height = taken.picture
        row = {"sha256": taken.sha256, "width": width, "height": height}
        insert_new(session, PICTURES, ("sha256",), [row], returning=("sha256",))
    if for_staff:
        session.add(ForStaff(document_id=document.id))
        session.flush()
    record(
        session,
        "document.filed",
        actor=actor,
        subject=("document", document.id),
        account_id=account_id,
        after={"sha256": taken.sha256, "size": taken.size, "category": category, "filename": taken.filename},
    )
    return document


def enter_all(
    session: Session,
    taken: Sequence[TakenIn],
    *,
    category: Category,
    account_id: int | None,
    subject: Subject,
    actor: Actor,
    for_staff: bool = False,
) -> list[Document]:
    """Make documents of all that was taken in, about the same, in their order."""
    return [
        enter(
            session,
            each,
            category=category,
            account_id=account_id,
            subject=subject,
            actor=actor,
            for_staff=for_staff,
        )
        for each in taken
    ]
