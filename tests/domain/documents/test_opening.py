"""Opening documents: every time is written down."""

from __future__ import annotations

from io import BytesIO

import msgspec
import pytest
from sqlalchemy import select

from domain.documents import opening, queries
from domain.documents.storage import Missing
from domain.outbox.model import OUTBOX
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.audited import acts, last_payload
from tests.support.filed import an_account_id, erased, file
from tests.support.outside import FarStore, MemoryStore


def test_every_opening_is_written_down_with_its_own_time(db: Database, clock: MovableClock) -> None:
    store, account_id = MemoryStore(), an_account_id(db)
    row = _filed(db, store, account_id)
    with opening.open_document(db, store, row, actor=Actor.login(5, "192.0.2.7")) as content:
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


def test_no_transaction_waits_for_the_store(db: Database) -> None:
    store = FarStore(db)
    row = _filed(db, store, an_account_id(db))

    with opening.open_document(db, store, row, actor=WORKER) as content:
        assert content.read() == b"%PDF-1.7 hello"

    assert _messages(db) == 1


def test_a_content_that_is_gone_is_not_handed_out_as_nothing_nor_said_to_be_opened(db: Database) -> None:
    row = _filed(db, MemoryStore(), an_account_id(db))

    with pytest.raises(Missing):
        opening.open_document(db, MemoryStore(), row, actor=WORKER)

    assert _messages(db) == 0


@pytest.mark.parametrize("is_still_there", [True, False])
def test_what_was_erased_is_refused_in_words_and_not_said_to_be_opened(db: Database, is_still_there: bool) -> None:
    store = MemoryStore()
    row = _filed(db, store, an_account_id(db))
    with db.transaction() as session:
        erased(session, row.id)

    with pytest.raises(NotFound, match="erased"):
        opening.open_document(db, store if is_still_there else MemoryStore(), row, actor=WORKER)

    assert _messages(db) == 0


def test_a_content_is_let_go_of_where_its_opening_cannot_be_written_down(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore()
    row = _filed(db, store, an_account_id(db))
    content = BytesIO(b"%PDF-1.7 hello")
    monkeypatch.setattr(store, "open", lambda sha256: content)
    with db.transaction() as session:
        erased(session, row.id)

    with pytest.raises(NotFound):
        opening.open_document(db, store, row, actor=WORKER)

    assert content.closed


def _filed(db: Database, store: MemoryStore, account_id: int) -> AnyRow:
    document = file(db, store, account_id)
    with db.reading() as session:
        return queries.document(session, account_id, document.id)


def _messages(db: Database) -> int:
    """How many openings wait to be written down."""
    with db.reading() as session:
        kinds = select(OUTBOX.c.id).where(OUTBOX.c.kind == opening.Opened.kind)
        return len(session.scalars(kinds).all())
