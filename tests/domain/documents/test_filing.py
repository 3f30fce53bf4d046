"""Filing: known by its content, for good, under a harmless name."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from domain.documents.model import DOCUMENTS
from domain.shared.db.session import Database
from tests.support.audited import acts
from tests.support.filed import an_account_id, file
from tests.support.outside import MemoryStore


def test_a_document_is_known_by_its_content(db: Database) -> None:
    store = MemoryStore()

    document = file(db, store, an_account_id(db), [b"%PDF-1.7 ", b"hello"])

    assert (document.size, document.sha256) == (14, sha256(b"%PDF-1.7 hello").hexdigest())
    assert store.contents == {document.sha256: b"%PDF-1.7 hello"}
    with db.reading() as session:
        assert acts(session)[-1] == "document.filed"


def test_a_document_never_changes(db: Database) -> None:
    document = file(db, MemoryStore(), an_account_id(db))

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == document.id).values(filename="other.pdf"))
