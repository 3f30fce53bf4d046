"""Listing: documents by account, category and the words in them, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select, union
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Right
from domain.documents.model import DOCUMENT_TEXTS, DOCUMENTS, ERASURES, PICTURES, Category
from domain.documents.queries import IS_MISFILED, IS_SUPERSEDED
from domain.documents.reading import IS_UNREAD, LATE_COMERS
from domain.documents.seeing import shown_to
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.words import with_words

PAGE = 50
LONGEST_QUESTION = 200
ACCOUNTS = Account.__table__
_SHOWN = (
    select(DOCUMENTS, PICTURES.c.width.label("picture_width"), ERASURES.c.erased_at)
    .outerjoin(PICTURES, PICTURES.c.sha256 == DOCUMENTS.c.sha256)
    .outerjoin(ERASURES, ERASURES.c.document_id == DOCUMENTS.c.id)
)
"""What every list shows of a document: with the width of its picture, and since when it is gone."""


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
        _SHOWN.add_columns(ACCOUNTS.c.name.label("account_name"))
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == DOCUMENTS.c.account_id)
        .where(*_conditions(session, wanted))
        .order_by(DOCUMENTS.c.id.desc())
        .limit(limit + 1)
    )
    rows = session.execute(statement if after is None else statement.where(DOCUMENTS.c.id < after)).all()
    return Listed(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def categories_of(session: Session, wanted: Wanted) -> list[Category]:
    """The categories that there are of what is looked for, whatever its words, in the order of the categories.

    Each is asked for by itself where all accounts are looked at: one paper of it is enough, of however many.
    """
    if wanted.account_id is not None:
        everything = Wanted(wanted.account_id, None, "", wanted.seen_by)
        found = set(session.scalars(select(DOCUMENTS.c.category).where(*_conditions(session, everything)).distinct()))
        return [category for category in Category if category in found]
    there = [
        exists().where(*_conditions(session, Wanted(None, category, "", wanted.seen_by))).label(category.value)
        for category in Category
    ]
    row = session.execute(select(*there)).one()
    return [category for category, is_there in zip(Category, row, strict=True) if is_there]


def about(session: Session, subject: tuple[str, int]) -> list[AnyRow]:
    """What stands filed about `subject`, oldest first, as `listed` has it: of what was replaced, the newest alone."""
    kind, subject_id = subject
    found = _SHOWN.where(
        DOCUMENTS.c.subject_kind == kind, DOCUMENTS.c.subject_id == subject_id, ~IS_SUPERSEDED
    ).order_by(DOCUMENTS.c.id)
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
    """The words are looked for in the index, and in the names of what is not in it: one lookup each, never all rows."""
    last = select(func.coalesce(func.max(DOCUMENT_TEXTS.c.document_id), 0)).scalar_subquery()
    named = DOCUMENTS.c.filename.icontains(asked, autoescape=True)
    lookups: list[Select[tuple[int]]] = [
        select(DOCUMENTS.c.id).where(DOCUMENTS.c.id > last - LATE_COMERS, IS_UNREAD, named),
        select(DOCUMENTS.c.id).where(DOCUMENTS.c.id.in_(select(ERASURES.c.document_id)), named),
    ]
    worded = with_words(session, asked, DOCUMENT_TEXTS)
    return DOCUMENTS.c.id.in_(union(*lookups, *([] if worded is None else [worded])))
