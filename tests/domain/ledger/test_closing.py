"""Closing: what is learned late goes to the first open day, and keeps the day on which it happened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.ledger.balances import movements
from domain.ledger.closing import books_closed_through, close_books
from domain.ledger.model import CLOSES, ENTRIES
from domain.ledger.posting import post_many
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, Refused
from tests.support.entries import open_accounts, post_sale, post_settlement, sale

FEBRUARY = date(2026, 2, 28)


def test_books_are_open_until_they_are_closed(db: Database) -> None:
    with db.transaction() as session:
        assert books_closed_through(session) is None

        close_books(session, FEBRUARY)

        assert books_closed_through(session) == FEBRUARY


@pytest.mark.parametrize("day", [date(2026, 2, 3), FEBRUARY])
def test_a_late_fact_goes_to_the_first_open_day(db: Database, day: date) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        close_books(session, FEBRUARY)

        posted = post_sale(session, 1, 100, "I-1", on=day)

        [moved] = movements(session, 1, FEBRUARY, date(2026, 3, 31))
        assert posted.effective_on == moved.effective_on == date(2026, 3, 1)
        assert moved.occurred_on == day


def test_what_is_not_late_stays_where_it_is(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        close_books(session, FEBRUARY)

        posted = post_sale(session, 1, 100, "I-1", on=date(2026, 3, 1))

        occurred_on = session.scalar(select(ENTRIES.c.occurred_on).where(ENTRIES.c.id == posted.id))
        assert (posted.effective_on, occurred_on) == (date(2026, 3, 1), None)


def test_a_stream_opened_later_knows_that_the_books_are_closed(db: Database) -> None:
    with db.transaction() as session:
        close_books(session, FEBRUARY)
        open_accounts(session, 1)

        many = post_many(session, [sale(1, 100, "I-1", on=FEBRUARY)])
        settled = post_settlement(session, 100, 3, "txn_1", on=FEBRUARY)

        assert {many[0].effective_on, settled.effective_on} == {date(2026, 3, 1)}


def test_the_books_are_not_closed_through_a_day_that_is_not_over(db: Database) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        close_books(session, date(2026, 3, 16))


def test_the_books_are_not_closed_backwards(db: Database) -> None:
    with db.transaction() as session:
        close_books(session, FEBRUARY)

        with pytest.raises(Invalid) as refusal:
            close_books(session, FEBRUARY)

        assert refusal.value.params == {"day": FEBRUARY}


def test_closes_are_never_changed(db: Database) -> None:
    with db.transaction() as session:
        close_books(session, FEBRUARY)

        with pytest.raises(IntegrityError, match="never changed or deleted"), session.begin_nested():
            session.execute(CLOSES.delete())


def test_a_close_waits_for_the_posting_under_way_and_the_next_posting_for_the_close(
    committed_db: Database, clock: MovableClock
) -> None:
    posted, let_go = Event(), Event()
    with committed_db.transaction() as session:
        open_accounts(session, 1)

    def post_slowly() -> date:
        with committed_db.transaction() as session:
            entry = post_sale(session, 1, 100, "I-1", on=FEBRUARY)
            posted.set()
            let_go.wait(60)
        return entry.effective_on

    def close() -> None:
        with committed_db.transaction() as session:
            close_books(session, FEBRUARY)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(post_slowly)
        posted.wait(60)
        closing = pool.submit(close)
        with pytest.raises(TimeoutError):
            closing.result(0.3)
        let_go.set()
        closing.result(10)
        with committed_db.transaction() as session:
            late = post_sale(session, 1, 100, "I-2", on=FEBRUARY)

    assert (slow.result(10), late.effective_on) == (FEBRUARY, date(2026, 3, 1))


def test_of_two_who_close_at_once_one_is_refused(committed_db: Database) -> None:
    barrier = Barrier(2)

    def close(_: int) -> str:
        barrier.wait()
        try:
            with committed_db.transaction() as session:
                close_books(session, FEBRUARY)
        except Refused:
            return "refused"
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(close, range(2)))

    assert outcomes == ["closed", "refused"]


@pytest.mark.parametrize("engine_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_who_waited_for_another_close_is_told(committed_db: Database) -> None:
    with ThreadPoolExecutor(1) as pool:
        with committed_db.transaction() as session:
            close_books(session, FEBRUARY)
            waiting = pool.submit(close_in_its_own_transaction, committed_db)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)

        with pytest.raises(Conflict, match="just closing the books"):
            waiting.result(10)


def close_in_its_own_transaction(database: Database) -> None:
    """Close the books through February."""
    with database.transaction() as session:
        close_books(session, FEBRUARY)
