"""Fixtures for every test: the two engines, a database that forgets, a database that commits, and a clock to move."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from domain.ledger.model import ENTRIES
from domain.processing.checks import check_books
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff import passwords
from tests.support.client import Client
from tests.support.databases import Databases, OnPostgresql, OnSqlite, opened, rolled_back, run_id
from tests.support.garbage import pytest_collection, pytest_collection_finish
from tests.support.kept import Shelf
from tests.support.proving import Prove

__all__ = ["pytest_collection", "pytest_collection_finish"]

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
"""A Monday, with no change of the clocks near."""
FAILED = pytest.StashKey[bool]()

settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=20,
)
settings.register_profile("whole", settings.get_profile("house"), max_examples=100)
settings.load_profile("house")


def is_whole() -> bool:
    """Whether this run tries in full what every run only samples: `--hypothesis-profile whole`."""
    return settings.get_current_profile_name() == "whole"


class Workshop:
    """What one worker keeps between tests: how to make databases, and open engines of each kind."""

    def __init__(self, kinds: dict[str, Databases], stack: ExitStack) -> None:
        self.kinds = kinds
        self.stack = stack
        self._engines: dict[str, Engine] = {}
        self._shelves: dict[str, Shelf] = {}

    def engine(self, kind: str) -> Engine:
        """The worker's own engine of this kind, on a database that was empty when it was opened."""
        if kind not in self._engines:
            url = self.stack.enter_context(self.kinds[kind].fresh())
            self._engines[kind] = self.stack.enter_context(opened(url))
        return self._engines[kind]

    def lent(self, kind: str) -> AbstractContextManager[Engine]:
        """An engine of this kind for somebody who really commits, on a database that has nothing in it."""
        if kind not in self._shelves:
            self._shelves[kind] = Shelf(self.kinds[kind])
            self.stack.callback(self._shelves[kind].clear)
        return self._shelves[kind].lent()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[Workshop]:
    """The databases of this worker, closed and removed when it ends."""
    own = tmp_path_factory.getbasetemp()
    kinds: dict[str, Databases] = {
        "sqlite": OnSqlite(own, run_folder),
        "postgresql": OnPostgresql(run_folder, run_id()),
    }
    with ExitStack() as stack:
        yield Workshop(kinds, stack)


@pytest.fixture(params=ENGINES)
def engine_kind(request: pytest.FixtureRequest) -> str:
    """The engine that the test runs on: it runs once on each."""
    kind: str = request.param
    return kind


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """Passwords that cost next to nothing: what they really cost has a test of its own."""
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True, scope="session")
def one_loop() -> Iterator[None]:
    """One event loop for whatever site is visited."""
    with Client.in_one_loop():
        yield


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    """Nothing is printed, least of all a crash that a test provokes; logs are read with structlog.testing."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[lambda _, __, event: event])


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands at noon of Monday, 16 March 2026 (UTC) until the test moves it."""
    return MovableClock(NOON)


@pytest.fixture
def business() -> Business:
    """The creditor whose books the test keeps: pounds, London; it can send text messages."""
    return Business(texts=True)


@pytest.fixture
def engine(workshop: Workshop, engine_kind: str) -> Engine:
    """An engine on a migrated, empty database that all tests share: leave nothing behind in it."""
    return workshop.engine(engine_kind)


@pytest.fixture
def db(request: pytest.FixtureRequest, engine: Engine, clock: MovableClock, business: Business) -> Iterator[Database]:
    """A database whose every change is forgotten after the test; its transactions are savepoints of one connection.

    What the test posted must leave whole books behind, unless it is marked `tampers`. On one connection things happen
    one after the other: a test posts the same on both engines. So PostgreSQL's books are looked at after one test in
    eight, and after all of them where everything is tried in full.
    """
    with rolled_back(engine) as connection:
        database = Database(connection, clock, business)
        yield database
        if engine.dialect.name == "sqlite" or is_whole() or crc32(request.node.nodeid.encode()) % 8 == 0:
            _expect_whole_books(request, database)


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    """The one transaction of a test that needs no more than one."""
    with db.transaction() as session:
        yield session


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, workshop: Workshop, engine_kind: str, clock: MovableClock, business: Business
) -> Iterator[Database]:
    """A database of the test's own that really commits: for threads, locks and processes that die.

    What the test posted must leave whole books behind, unless it is marked `tampers`.
    """
    with workshop.lent(engine_kind) as engine:
        database = Database(engine, clock, business)
        yield database
        _expect_whole_books(request, database)


@pytest.fixture
def prove(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Prove:
    """Keep the figure of a proof: the fault's number, what was tried, what came out; `make faults` makes the table."""
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    engine = given.get("engine_kind", "both" if _takes_databases(request) else "–")

    def keep(fault: int, what: str, figure: str) -> None:
        for name, value in (("fault", fault), ("what", what), ("engine", engine), ("figure", figure)):
            record_property(name, value)
        print(f"\nfault {fault}, {engine}: {what}: {figure}")

    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test itself failed: then the state of its books says nothing."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def _takes_databases(request: pytest.FixtureRequest) -> bool:
    return "workshop" in request.fixturenames


def _expect_whole_books(request: pytest.FixtureRequest, database: Database) -> None:
    if request.node.stash.get(FAILED, False) or request.node.get_closest_marker("tampers"):
        return
    with database.reading() as session:
        if session.scalar(select(exists().select_from(ENTRIES))):
            assert check_books(session) == []
