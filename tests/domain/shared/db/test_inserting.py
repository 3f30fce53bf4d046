"""Inserting: a taken key fails no statement, and thousands of rows go in whole on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from domain.ledger.model import CLOSES, GENESIS, STREAMS
from domain.shared.db.inserting import insert_all, insert_if_new, insert_new
from domain.shared.db.session import Database
from tests.conftest import NOON


def stream(n: int) -> dict[str, Any]:
    """The row of a stream."""
    return {"key": f"test:{n}", "head_seq": n, "head_hash": GENESIS, "balance": -n, "currency": None}


def test_a_new_row_gives_its_id_and_a_taken_key_nothing(db: Database) -> None:
    with db.transaction() as session:
        made = insert_if_new(session, STREAMS, ("key",), stream(1))

        assert made == session.scalar(select(STREAMS.c.id))
        assert insert_if_new(session, STREAMS, ("key",), {**stream(1), "balance": 9}) is None
        assert session.scalars(select(STREAMS.c.balance)).all() == [-1]


def test_of_many_rows_the_new_ones_are_added(db: Database) -> None:
    with db.transaction() as session:
        session.execute(insert(STREAMS), [stream(2), stream(4)])

        added = insert_new(session, STREAMS, ("key",), [stream(n) for n in range(6)], returning=("key", "head_seq"))

        assert sorted(added) == [("test:0", 0), ("test:1", 1), ("test:3", 3), ("test:5", 5)]
        assert session.scalar(select(func.count()).select_from(STREAMS)) == 6


def test_thousands_of_rows_keep_every_type(db: Database) -> None:
    rows = [
        {
            "number": n,
            "closed_through": date(2000, 1, 1) + timedelta(days=n),
            "at": NOON + timedelta(microseconds=n),
            "prev_hash": bytes([n % 256]) * 32,
            "hash": GENESIS,
        }
        for n in range(5_000)
    ]
    with db.transaction() as session:
        insert_all(session, CLOSES, rows)

        assert [row._asdict() for row in session.execute(select(CLOSES).order_by(CLOSES.c.number))] == rows
        session.rollback()


def test_nothing_is_inserted_for_nothing(db: Database) -> None:
    with db.transaction() as session:
        insert_all(session, STREAMS, [])

        assert session.scalar(select(func.count()).select_from(STREAMS)) == 0
