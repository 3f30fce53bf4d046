"""Sessions: committed at the end or not at all, and stamped with one moment."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import InternalError

from domain.ledger.model import STREAMS
from domain.ledger.streams import open_account_stream
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, business, now, today
from tests.conftest import NOON


def streams(database: Database) -> int:
    """How many streams there are for everybody to see."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(STREAMS)) or 0


def test_a_transaction_commits_at_its_end(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        open_account_stream(session, 1, "GBP")

    assert streams(committed_db) == 1


def test_a_transaction_that_raises_leaves_nothing(committed_db: Database) -> None:
    def fail() -> None:
        with committed_db.transaction() as session:
            open_account_stream(session, 1, "GBP")
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert streams(committed_db) == 0


def test_what_is_changed_while_reading_is_refused_or_thrown_away(committed_db: Database) -> None:
    with suppress(InternalError), committed_db.reading() as session:
        open_account_stream(session, 1, "GBP")

    assert streams(committed_db) == 0


def test_one_transaction_happens_at_one_moment(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        clock.advance(days=1)

        assert now(session) == NOON
        assert business(session) is db.business


def test_today_is_the_day_of_the_business(db: Database, clock: MovableClock) -> None:
    clock.move_to(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    with db.reading() as session:
        assert today(session) == date(2026, 7, 1)


def test_a_reader_sees_one_moment_throughout(committed_db: Database) -> None:
    with committed_db.reading() as reader:
        before = reader.scalar(select(func.count()).select_from(STREAMS))
        with committed_db.transaction() as writer:
            open_account_stream(writer, 1, "GBP")

        assert reader.scalar(select(func.count()).select_from(STREAMS)) == before == 0
