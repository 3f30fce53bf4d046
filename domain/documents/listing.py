"""Listing: documents by account, category and the words in them, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Right
from domain.documents.model import DOCUMENT_TEXTS, DOCUMENTS, ERASURES, PICTURES, Category
from domain.documents.queries import IS_MISFILED, IS_SUPERSEDED
from domain.documents.seeing import shown_to
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.words import has_words

PAGE = 50
LONGEST_QUESTION = 200
ACCOUNTS = Account.__table__


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: of one account or of all, of one category or of any, with these words (or their beginnings).

    `seen_by` are the rights of the customer who looks; None is staff, who see all of it.
    """

    account_id: int | None = None
    category: Category | None = None
    words: str = ""
    seen_by: Collection[Right] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of documents, and the id after which the next one begins; None where there is no more."""

    rows: AnyRows
    older: int | None


def listed(session: Session, wanted: Wanted, *, after: int | None = None, limit: int = PAGE) -> Listed:
    """The newest of each document that was not replaced, newest first; `after` is the id of the last one seen."""
    statement = (
        select(
            DOCUMENTS,
            PICTURES.c.width.label("picture_width"),
            ERASURES.c.erased_at,
            ACCOUNTS.c.name.label("account_name"),
        )
        .outerjoin(PICTURES, PICTURES.c.sha256 == DOCUMENTS.c.sha256)
        .outerjoin(ERASURES, ERASURES.c.document_id == DOCUMENTS.c.id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == DOCUMENTS.c.account_id)
        .where(*_conditions(session, wanted))
        .order_by(DOCUMENTS.c.id.desc())
        .limit(limit + 1)
    )
    rows = session.execute(statement if after is None else statement.where(DOCUMENTS.c.id < after)).all()
    return Listed(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def categories_of(session: Session, wanted: Wanted) -> list[Category]:
    """The categories that there are of what is looked for, whatever its words, in the order of the categories."""
    everything = Wanted(wanted.account_id, None, "", wanted.seen_by)
    found = set(session.scalars(select(DOCUMENTS.c.category).where(*_conditions(session, everything)).distinct()))
    return [category for category in Category if category in found]


def about(session: Session, subject: tuple[str, int]) -> list[AnyRow]:
    """What stands filed about `subject`, oldest first, as `listed` has it: of what was replaced, the newest alone."""
    kind, subject_id = subject
    found = (
        select(DOCUMENTS, PICTURES.c.width.label("picture_width"), ERASURES.c.erased_at)
        .outerjoin(PICTURES, PICTURES.c.sha256 == DOCUMENTS.c.sha256)
        .outerjoin(ERASURES, ERASURES.c.document_id == DOCUMENTS.c.id)
        .where(DOCUMENTS.c.subject_kind == kind, DOCUMENTS.c.subject_id == subject_id, ~IS_SUPERSEDED)
        .order_by(DOCUMENTS.c.id)
    )
    return list(session.execute(found).all())


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [~IS_SUPERSEDED, ~IS_MISFILED]
    if wanted.account_id is not None:
        conditions.append(DOCUMENTS.c.account_id == wanted.account_id)
    if wanted.category is not None:
        conditions.append(DOCUMENTS.c.category == wanted.category)
    if wanted.seen_by is not None:
        conditions.append(shown_to(wanted.seen_by))
    asked = wanted.words[:LONGEST_QUESTION].strip()
    if asked:
        conditions.append(_found(session, asked))
    return conditions


def _found(session: Session, asked: str) -> ColumnElement[bool]:
    """The words are looked for in what was read; a name is found at once, before anything was."""
    named = DOCUMENTS.c.filename.icontains(asked, autoescape=True)
    worded = has_words(session, asked, DOCUMENTS.c.id, DOCUMENT_TEXTS)
    return named if worded is None else or_(named, worded)
