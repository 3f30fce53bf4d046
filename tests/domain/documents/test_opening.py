"""Opening documents: every time is written down."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select

from domain.documents import opening, queries
from domain.documents.storage import Missing
from domain.outbox.model import OUTBOX
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.audited import acts, last_payload
from tests.support.filed import an_account_id, file
from tests.support.outside import MemoryStore


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
