"""Queries: documents by account, by subject, or by id for those who may see all."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from domain.documents.model import DOCUMENTS, ERASURES, FOR_STAFF, MISFILINGS, PICTURES, SUCCESSIONS, Category
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

IS_SUPERSEDED: ColumnElement[bool] = exists().where(SUCCESSIONS.c.older_id == DOCUMENTS.c.id).correlate(DOCUMENTS)
"""Whether another document has come in its place."""
IS_ERASED: ColumnElement[bool] = exists().where(ERASURES.c.document_id == DOCUMENTS.c.id).correlate(DOCUMENTS)
"""Whether its content is gone for good."""
IS_MISFILED: ColumnElement[bool] = exists().where(MISFILINGS.c.document_id == DOCUMENTS.c.id).correlate(DOCUMENTS)
"""Whether it turned out to be another account's."""
NO_SUCH_DOCUMENT = N_("We could not find that document.")


def document(session: Session, account_id: int, document_id: int) -> AnyRow:
    """A document of this account; NotFound for another account's, or none."""
    statement = select(DOCUMENTS).where(DOCUMENTS.c.id == document_id, DOCUMENTS.c.account_id == account_id)
    return _one(session.execute(statement).one_or_none())


def documents(session: Session, account_id: int, ids: Collection[int]) -> list[AnyRow]:
    """Those of these documents that are of this account, in the order of their filing."""
    wanted = select(DOCUMENTS).where(DOCUMENTS.c.id.in_(ids), DOCUMENTS.c.account_id == account_id)
    return list(session.execute(wanted.order_by(DOCUMENTS.c.id)))


def any_document(session: Session, document_id: int) -> AnyRow:
    """A document, whosever it is: for staff; NotFound where there is none."""
    return _one(session.execute(select(DOCUMENTS).where(DOCUMENTS.c.id == document_id)).one_or_none())


def lock(session: Session, document_id: int) -> None:
    """Hold a document until the transaction ends: nobody erases it meanwhile."""
    session.execute(select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == document_id).with_for_update())


def newest(session: Session, category: Category, subject: tuple[str, int]) -> AnyRow | None:
    """The document of this category that was filed last about `subject`, or None."""
    kind, subject_id = subject
    statement = (
        select(DOCUMENTS)
        .where(
            DOCUMENTS.c.subject_kind == kind,
            DOCUMENTS.c.subject_id == subject_id,
            DOCUMENTS.c.category == category,
        )
        .order_by(DOCUMENTS.c.id.desc())
        .limit(1)
    )
    return session.execute(statement).one_or_none()


def picture_size(session: Session, sha256: str) -> tuple[int, int] | None:
    """The size of a picture that we made anew, and so may show; None for every other content."""
    row = session.execute(select(PICTURES).where(PICTURES.c.sha256 == sha256)).one_or_none()
    return None if row is None else (row.width, row.height)


def is_for_staff(session: Session, document_id: int) -> bool:
    """Whether a document is kept from its customer."""
    return bool(session.scalar(select(exists().where(FOR_STAFF.c.document_id == document_id))))


def is_erased(session: Session, document_id: int) -> bool:
    """Whether the content of a document is gone for good."""
    return bool(session.scalar(select(exists().where(ERASURES.c.document_id == document_id))))


def same_content(session: Session, document_id: int, *, limit: int = 20) -> AnyRows:
    """Other documents that have the very content of this one and are not erased, the oldest first."""
    sha256 = select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.id == document_id).scalar_subquery()
    wanted = select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256, DOCUMENTS.c.id != document_id, ~IS_ERASED)
    return session.execute(wanted.order_by(DOCUMENTS.c.id).limit(limit)).all()


def _one(row: AnyRow | None) -> AnyRow:
    if row is None:
        raise NotFound(NO_SUCH_DOCUMENT)
    return row
