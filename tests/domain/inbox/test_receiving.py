"""Receiving: every event is kept, and kept once."""

from __future__ import annotations

import threading
from collections import Counter

from domain.inbox import queries
from domain.inbox.queries import View
from domain.shared.db.session import Database
from tests.support.events import arrive


def test_an_event_is_kept_once(db: Database) -> None:
    assert arrive(db, "evt_1") is True
    assert arrive(db, "evt_1") is False

    with db.reading() as session:
        (listed,) = queries.events(session, View.ALL)
        event = queries.event(session, listed.id)
    assert (event.kind, event.object_ref, event.payload) == ("intent.succeeded", "pi_1", {"id": "evt_1"})


def test_an_event_that_arrives_many_times_at_once_is_kept_once(committed_db: Database) -> None:
    at_once, kept = threading.Barrier(8), Counter[bool]()

    def deliver() -> None:
        at_once.wait()
        kept[arrive(committed_db, "evt_1")] += 1

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert kept == {True: 1, False: 7}
