"""Documents: filed once and for all, found by their own account only, and every opening written down."""

from __future__ import annotations

import io
from collections.abc import Iterable
from hashlib import sha256
from typing import BinaryIO

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.documents import filing, opening, queries
from domain.documents.model import DOCUMENTS, Category, Document
from domain.documents.storage import Missing, Stored
from domain.outbox.model import OUTBOX
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account


class MemoryStore:
    """Keeps contents in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """Keep the content."""
        whole = content if isinstance(content, bytes) else b"".join(content)
        key = sha256(whole).hexdigest()
        self.contents[key] = whole
        return Stored(key, len(whole))

    def open(self, sha256: str) -> BinaryIO:
        """Read it."""
        if sha256 not in self.contents:
            raise Missing(sha256)
        return io.BytesIO(self.contents[sha256])


def an_account_id(db: Database) -> int:
    with db.transaction() as session:
        return an_account(session).id


def file(
    db: Database, store: MemoryStore, account_id: int | None, content: bytes | Iterable[bytes] = b"%PDF-1.7 hello"
) -> Document:
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
        assert [row.id for row in queries.documents_of(session, ours)] == [document.id]
        assert queries.documents_of(session, ours, after=document.id) == []


def test_the_newest_about_a_subject_is_found(db: Database) -> None:
    store, account_id = MemoryStore(), an_account_id(db)
    file(db, store, account_id)
    second = file(db, store, account_id, b"again")

    with db.reading() as session:
        found = queries.newest(session, Category.RECEIPT, ("payment", 9))
        assert found is not None
        assert found.id == second.id
        assert queries.newest(session, Category.INVOICE, ("payment", 9)) is None


def test_every_opening_is_written_down_with_its_own_time(db: Database, clock: MovableClock) -> None:
    store, account_id = MemoryStore(), an_account_id(db)
    document = file(db, store, account_id)
    with db.transaction() as session:
        row = queries.document(session, account_id, document.id)
        with opening.open_document(session, store, row, actor=Actor.login(5, "192.0.2.7")) as content:
            assert content.read() == b"%PDF-1.7 hello"
    opened_at = clock.now()
    clock.advance(minutes=3)

    with db.transaction() as session:
        payload = session.execute(select(OUTBOX.c.payload).where(OUTBOX.c.kind == opening.Opened.kind)).scalar_one()
        opening.write_down(session, msgspec.convert(payload, opening.Opened))

    with db.reading() as session:
        assert acts(session)[-1] == "document.opened"
        told = last_payload(session, "document.opened")
        assert told["address"] == "192.0.2.7"
        assert told["words"]["at"] == opened_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_content_that_is_gone_is_not_handed_out_as_nothing(db: Database) -> None:
    account_id = an_account_id(db)
    document = file(db, MemoryStore(), account_id)

    with db.transaction() as session:
        row = queries.document(session, account_id, document.id)

        with pytest.raises(Missing):
            opening.open_document(session, MemoryStore(), row, actor=WORKER)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("statement.pdf", "statement.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\list.csv", "list.csv"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie x.csv"),
        ("\u202efdp.exe", "fdp.exe"),
        ('"><script>.pdf', "script.pdf"),
        ("..", "document"),
        ("", "document"),
        ("Café menú.pdf", "Café menú.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("y" * 300, "y" * 120),
    ],
)
def test_a_download_has_a_harmless_name(given: str, safe: str) -> None:
    assert filing.safe_name(given) == safe
