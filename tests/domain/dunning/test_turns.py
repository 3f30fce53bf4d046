"""Turns: each turn of a duty counts in its day, also where several processes take the first one at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from domain.dunning import turns
from domain.dunning.turns import Did
from domain.shared.db.session import Database, today

AT_ONCE = 4


def test_turns_of_a_day_add_up_and_the_last_error_stays(db: Database) -> None:
    with db.transaction() as session:
        for did in (Did(2), Did(1, 1, "No answer"), Did(3)):
            turns.note(session, "seals", did)

    with db.reading() as session:
        [day] = turns.on(session, today(session))
    assert (day.runs, day.done, day.failures, day.last_error) == (3, 6, 1, "No answer")


def test_the_first_turns_of_a_day_in_several_processes_all_count(committed_db: Database) -> None:
    db = committed_db
    barrier = Barrier(AT_ONCE)

    def take(number: int) -> None:
        barrier.wait()
        for duty in ("seals", "digests", "cases"):
            with db.transaction() as session:
                turns.note(session, duty, Did(number))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(take, range(AT_ONCE)))

    with db.reading() as session:
        assert [(each.runs, each.done) for each in turns.on(session, today(session))] == [(AT_ONCE, 6)] * 3
