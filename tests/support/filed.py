"""Documents for tests."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.documents import filing
from domain.documents.model import Category, Document, Erasure
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.db.session import Database, now
from tests.support.builders import an_account
from tests.support.outside import MemoryStore


def an_account_id(db: Database) -> int:
    """A new account."""
    with db.transaction() as session:
        return an_account(session).id


def file(
    db: Database, store: MemoryStore, account_id: int | None, content: bytes | Iterable[bytes] = b"%PDF-1.7 hello"
) -> Document:
    """File a receipt."""
    with db.transaction() as session:
        return filing.file(
            session,
            store,
            content,
            media_type="application/pdf",
            category=Category.RECEIPT,
            filename="receipt RCT-000001.pdf",
            account_id=account_id,
            subject=("payment", 9),
            actor=WORKER,
        )


def erased(session: Session, document_id: int) -> None:
    """Its content is gone, whatever the law says of such a paper."""
    kind, number = OPERATOR.kind.value, OPERATOR.id
    session.add(Erasure(document_id=document_id, why="Wrong", erased_at=now(session), actor_kind=kind, actor_id=number))
    session.flush()


def filed(session: Session, account_id: int) -> list[Document]:
    """All that is filed for the account."""
    return list(session.scalars(select(Document).where(Document.account_id == account_id).order_by(Document.id)))
