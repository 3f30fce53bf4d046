"""Fixtures of the ledger's tests: databases whose books are checked as the ledger alone sees them, without invoices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from domain.ledger.checks import check_books
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.conftest import FAILED, Workshop
from tests.support.databases import rolled_back


@pytest.fixture
def db(request: pytest.FixtureRequest, engine: Engine, clock: MovableClock, business: Business) -> Iterator[Database]:
    """A database whose every change is forgotten after the test."""
    with rolled_back(engine) as connection:
        database = Database(connection, clock, business)
        yield database
        _expect_whole_books(request, database)


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, workshop: Workshop, engine_kind: str, clock: MovableClock, business: Business
) -> Iterator[Database]:
    """A database of the test's own that really commits."""
    with workshop.lent(engine_kind) as engine:
        database = Database(engine, clock, business)
        yield database
        _expect_whole_books(request, database)


def _expect_whole_books(request: pytest.FixtureRequest, database: Database) -> None:
    if request.node.stash.get(FAILED, False) or request.node.get_closest_marker("tampers"):
        return
    with database.reading() as session:
        assert check_books(session) == []
