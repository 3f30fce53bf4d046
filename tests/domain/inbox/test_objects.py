"""Objects: one holder at a time, for as long as it lives."""

from __future__ import annotations

from domain.inbox import objects
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.retrying import LEASE
from tests.support.events import ME, YOU


def test_who_has_an_object_may_have_it_for_longer(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        objects.take_object(session, "pi_1", ME)
    clock.advance(seconds=60)
    with db.transaction() as session:
        assert objects.take_object(session, "pi_1", ME)
    clock.advance(seconds=LEASE.total_seconds() - 1)

    with db.transaction() as session:
        assert not objects.take_object(session, "pi_1", YOU)


def test_leases_of_the_dead_are_forgotten(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        objects.take_object(session, "pi_1", YOU)
    clock.advance(seconds=LEASE.total_seconds())

    with db.transaction() as session:
        objects.forget_old(session)
        objects.release_object(session, "pi_1", YOU)
        assert objects.take_object(session, "pi_1", ME)
