"""Fixtures of the tests of payment plans."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan
from tests.support.watching import Watch


@pytest.fixture
def store() -> MemoryStore:
    """Keeps files in memory."""
    return MemoryStore()


@pytest.fixture
def watch(db: Database, clock: MovableClock, store: MemoryStore) -> Callable[..., Watch]:
    """Makes a plan of three parts of 50.00 that runs, and watches it."""

    def make(amount: str = "150", **more: object) -> Watch:
        with db.transaction() as session:
            plan = a_running_plan(session, store, amount, **more)[-1]  # type: ignore[arg-type]
            return Watch(db, clock, plan.id)

    return make
