"""Documents for tests."""

from __future__ import annotations

from collections.abc import Iterable

from domain.documents import filing
from domain.documents.model import Category, Document
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
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
