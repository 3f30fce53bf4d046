"""Finding documents: by their own account only."""

from __future__ import annotations

import pytest

from domain.documents import queries
from domain.documents.model import Category
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.filed import an_account_id, file
from tests.support.outside import MemoryStore


def test_an_account_finds_its_own_documents_only(db: Database) -> None:
    store, ours, theirs = MemoryStore(), an_account_id(db), an_account_id(db)
    document, nobodys = file(db, store, ours), file(db, store, None)

    with db.reading() as session:
        assert queries.document(session, ours, document.id).filename == "receipt RCT-000001.pdf"
        assert queries.any_document(session, nobodys.id).account_id is None
        for account_id, document_id in ((theirs, document.id), (ours, nobodys.id), (ours, nobodys.id + 1)):
            with pytest.raises(NotFound):
                queries.document(session, account_id, document_id)
        with pytest.raises(NotFound):
            queries.any_document(session, nobodys.id + 1)


def test_the_newest_about_a_subject_is_found(db: Database) -> None:
    store, account_id = MemoryStore(), an_account_id(db)
    file(db, store, account_id)
    second = file(db, store, account_id, b"again")

    with db.reading() as session:
        found = queries.newest(session, Category.RECEIPT, ("payment", 9))
        assert found is not None
        assert found.id == second.id
        assert queries.newest(session, Category.INVOICE, ("payment", 9)) is None
