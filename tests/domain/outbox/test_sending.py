"""Sending: a message is there if, and only if, its transaction was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.outbox.model import OUTBOX
from domain.outbox.sending import add
from domain.shared.db.session import Database
from tests.support.messages import Greet


def test_a_message_waits_with_its_words(db: Database) -> None:
    with db.transaction() as session:
        message_id = add(session, Greet("Ana", 3), account_id=7)

    with db.reading() as session:
        row = session.execute(select(OUTBOX)).one()
        assert (row.id, row.kind, row.payload) == (message_id, "greet", {"name": "Ana", "times": 3})
        assert (row.account_id, row.due_at, row.attempts) == (7, db.clock.now(), 0)


def test_a_message_can_wait_for_its_time(db: Database) -> None:
    later = db.clock.now() + timedelta(days=1)

    with db.transaction() as session:
        add(session, Greet("Ana"), due_at=later)

        assert session.execute(select(OUTBOX.c.due_at)).scalar_one() == later


def test_a_transaction_that_failed_leaves_no_message(db: Database) -> None:
    def send_and_fail() -> None:
        with db.transaction() as session:
            add(session, Greet("Ana"))
            raise LookupError

    with pytest.raises(LookupError):
        send_and_fail()

    with db.reading() as session:
        assert session.execute(select(OUTBOX)).all() == []
