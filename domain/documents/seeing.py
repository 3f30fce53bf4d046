"""Seeing: which documents of an account its customer may open, by category and by their rights; pure but for one look.

A paper is theirs to see when it was made for both sides or came from them. What they are not shown: letters and
notices (the pay link in one lets its holder do more than a login may), mail between single people, files of imports,
of the bank and of credit bureaus, what was gathered against a chargeback, and whatever staff have kept for themselves.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.documents import queries
from domain.documents.model import DOCUMENTS, FOR_STAFF, Category
from domain.shared.db.rows import AnyRow
from domain.shared.errors import NotFound

SHOWN: dict[Category, Right] = {
    Category.INVOICE: Right.VIEW,
    Category.CREDIT_NOTE: Right.VIEW,
    Category.STATEMENT: Right.VIEW,
    Category.RECEIPT: Right.VIEW,
    Category.ADVICE: Right.VIEW,
    Category.TERMS: Right.VIEW,
    Category.AGREEMENT: Right.VIEW,
    Category.DISCHARGE: Right.VIEW,
    Category.CONTRACT: Right.VIEW,
    Category.PURCHASE_ORDER: Right.VIEW,
    Category.PROOF_OF_DELIVERY: Right.VIEW,
    Category.EVIDENCE: Right.VIEW,
    Category.CREDIT_APPLICATION: Right.BIND,
    Category.GUARANTEE: Right.BIND,
}
"""The categories that customers see, and the right that each of them needs: papers on credit are for those who bind."""
NOT_ABOUT = ("chargeback",)
"""What a customer's bank has asked us about is between the bank and us."""


def shown_to(rights: Collection[Right]) -> ColumnElement[bool]:
    """The condition on documents that somebody with these rights sees them on their account."""
    mine = [category for category, right in SHOWN.items() if right in rights]
    kept_back = exists().where(FOR_STAFF.c.document_id == DOCUMENTS.c.id).correlate(DOCUMENTS)
    return and_(DOCUMENTS.c.category.in_(mine), DOCUMENTS.c.subject_kind.not_in(NOT_ABOUT), ~kept_back)


def is_shown(row: AnyRow, *, for_staff: bool) -> bool:
    """Whether a document, a row of the queries, is a customer's to see at all, with the right that SHOWN asks for."""
    return row.category in SHOWN and row.subject_kind not in NOT_ABOUT and not for_staff


def document_for(session: Session, account_id: int, document_id: int) -> tuple[AnyRow, Right]:
    """A document that a customer of this account may see, and the right that they need for it; else NotFound."""
    row = queries.document(session, account_id, document_id)
    if not is_shown(row, for_staff=queries.is_for_staff(session, row.id)):
        raise NotFound(queries.NO_SUCH_DOCUMENT)
    return row, SHOWN[row.category]
