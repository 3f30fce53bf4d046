"""Lists of the inbox."""

from __future__ import annotations

from domain.inbox import queries
from domain.inbox.queries import View
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.events import arrive, handle, lease


def test_lists_show_what_was_asked_for_page_by_page(db: Database, clock: MovableClock) -> None:
    begun = clock.now()
    for number in range(5):
        arrive(db, f"evt_{number}", f"pi_{number % 2}", kind="charge.updated" if number == 3 else "intent.succeeded")
        clock.advance(seconds=1)
    (done,) = lease(db, limit=1)
    handle(db, done)

    with db.reading() as session:
        first = queries.events(session, View.ALL, limit=3)
        rest_of_them = queries.events(session, View.ALL, after=first[-1].id, limit=3)
        assert [row.external_id for row in (*first, *rest_of_them)] == ["evt_4", "evt_3", "evt_2", "evt_1", "evt_0"]
        assert [row.external_id for row in queries.events(session, View.ALL, kind="charge.updated")] == ["evt_3"]
        assert [row.external_id for row in queries.events(session, View.WAITING, object_ref="pi_0")] == [
            "evt_4",
            "evt_2",
        ]
        assert queries.counts(session) == {View.WAITING: 4, View.FAILED: 0}
        assert queries.oldest_waiting(session) == begun.replace(second=1)
