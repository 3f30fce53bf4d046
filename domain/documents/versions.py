"""Versions: a document stands in the place of an older one, and neither ever changes or goes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.documents import queries
from domain.documents.filing import enter
from domain.documents.intake import TakenIn
from domain.documents.model import DOCUMENTS, SUCCESSIONS, Document, Succession
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict


def supersede(session: Session, document_id: int, taken: TakenIn, *, actor: Actor) -> Document:
    """Put what was taken in in the place of a document, about the same and for the same eyes.

    NotFound where there is none; Conflict where it was replaced already, or the content is the same.
    """
    older = queries.any_document(session, document_id)
    if older.account_id is not None:
        accounts.lock(session, older.account_id)
    if _succeeded_by(session, document_id) is not None:
        raise Conflict(N_("This document was replaced already: replace the newest version."))
    if older.sha256 == taken.sha256:
        raise Conflict(N_("This is the very same file."), field="file")
    newer = enter(
        session,
        taken,
        category=older.category,
        account_id=older.account_id,
        subject=(older.subject_kind, older.subject_id),
        actor=actor,
        for_staff=queries.is_for_staff(session, document_id),
    )
    session.add(Succession(older_id=document_id, newer_id=newer.id, superseded_at=now(session)))
    session.flush()
    record(
        session,
        "document.superseded",
        actor=actor,
        subject=("document", document_id),
        account_id=older.account_id,
        after={"document_id": newer.id, "filename": newer.filename},
    )
    return newer


def versions(session: Session, document_id: int) -> list[AnyRow]:
    """A document with those before and after it, the newest first."""
    ids = [document_id]
    while (newer := _succeeded_by(session, ids[0])) is not None:
        ids.insert(0, newer)
    while (older := _precursor(session, ids[-1])) is not None:
        ids.append(older)
    rows = {row.id: row for row in session.execute(select(DOCUMENTS).where(DOCUMENTS.c.id.in_(ids)))}
    return [rows[one] for one in ids]


def _succeeded_by(session: Session, document_id: int) -> int | None:
    return session.scalar(select(SUCCESSIONS.c.newer_id).where(SUCCESSIONS.c.older_id == document_id))


def _precursor(session: Session, document_id: int) -> int | None:
    return session.scalar(select(SUCCESSIONS.c.older_id).where(SUCCESSIONS.c.newer_id == document_id))
