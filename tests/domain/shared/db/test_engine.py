"""Engines: writers queue up in order, readers never wait, and what is committed is on disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from domain.ledger.model import STREAMS
from domain.ledger.streams import open_account_stream
from domain.shared.db import engine as engines
from domain.shared.db.engine import TicketLock, open_engine
from domain.shared.db.session import Database
from tests.conftest import Workshop
from tests.support.databases import opened


def test_sqlite_is_set_up_to_keep_its_promises(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        found = {
            pragma: connection.execute(text(f"PRAGMA {pragma}")).scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_an_address_of_postgresql_needs_no_driver_in_it() -> None:
    engine = open_engine("postgresql://somebody@/nowhere?host=/nonexistent")

    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()


def test_writers_on_threads_are_never_told_that_the_database_is_locked(committed_db: Database) -> None:
    barrier = Barrier(16)

    def write(thread: int) -> None:
        barrier.wait()
        for n in range(5):
            with committed_db.transaction() as session:
                session.execute(select(func.count()).select_from(STREAMS)).scalar_one()
                open_account_stream(session, thread * 5 + n + 1, "GBP")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))

    with committed_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(STREAMS)) == 80


def test_a_reader_sees_the_last_commit_while_somebody_writes(committed_db: Database) -> None:
    with committed_db.transaction() as writing:
        open_account_stream(writing, 1, "GBP")

        with committed_db.reading() as reading:
            seen = reading.scalar(select(func.count()).select_from(STREAMS))

    assert seen == 0


def test_a_writer_that_fails_hands_its_turn_on(committed_db: Database) -> None:
    for _ in range(3):
        with pytest.raises(LookupError), committed_db.transaction():
            raise LookupError

    with committed_db.transaction() as session:
        open_account_stream(session, 1, "GBP")

    with committed_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(STREAMS)) == 1


def test_a_writer_whose_begin_fails_hands_its_turn_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0)
    ours = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    elsewhere = open_engine(f"sqlite:///{tmp_path / 'x.db'}")

    locked = pytest.raises(OperationalError, match="database is locked")
    with elsewhere.connect().execution_options(writes=True) as other, other.begin(), locked:
        begin_to_write(ours)
    begin_to_write(ours)

    ours.dispose()
    elsewhere.dispose()


@pytest.mark.postgresql
def test_a_connection_that_lay_idle_is_asked_before_anybody_relies_on_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0)
    own_number = text("SELECT pg_backend_pid()")

    with workshop.kinds["postgresql"].fresh() as url, opened(url) as ours, opened(url) as elsewhere:
        with ours.connect() as connection:
            before = connection.scalar(own_number)
        with elsewhere.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:it, 5000)"), {"it": before})
        with ours.connect() as connection:
            after = connection.scalar(own_number)

    assert after != before


def begin_to_write(engine: Engine) -> None:
    """Take the writer's turn and give it back."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("SELECT 1"))


def test_turns_are_taken_in_the_order_of_asking() -> None:
    lock, served = TicketLock(), list[int]()
    lock.acquire()
    threads = []
    for n in range(5):
        thread = Thread(target=take_a_turn, args=(lock, served, n))
        thread.start()
        while len(lock._queue) <= n:
            assert thread.is_alive()
        threads.append(thread)

    lock.release()
    for thread in threads:
        thread.join(10)

    assert served == [0, 1, 2, 3, 4]


def take_a_turn(lock: TicketLock, served: list[int], n: int) -> None:
    """Wait, note that it is our turn, and hand on."""
    lock.acquire()
    served.append(n)
    lock.release()


def test_who_waits_too_long_gives_up_and_is_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, held, let_go = TicketLock(), Event(), Event()

    def hold() -> None:
        lock.acquire()
        held.set()
        let_go.wait(60)
        lock.release()

    holder = Thread(target=hold)
    holder.start()
    held.wait(60)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.01)

    with pytest.raises(TimeoutError, match="another writer held the database"):
        lock.acquire()

    let_go.set()
    holder.join(10)
    lock.acquire()
    lock.release()


def test_a_commit_that_fails_leaves_the_next_writer_its_turn(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"))

    for _ in range(2):
        with pytest.raises(IntegrityError), committed_db.transaction() as session:
            session.execute(text("INSERT INTO child VALUES (1)"))

    with committed_db.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM child")).scalar_one() == 0


def test_a_writer_that_is_interrupted_within_a_statement_leaves_the_next_its_turn(committed_db: Database) -> None:
    assert isinstance(committed_db.bind, Engine)

    def interrupt(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("CREATE"):
            raise KeyboardInterrupt

    event.listen(committed_db.bind, "before_cursor_execute", interrupt)
    with pytest.raises(KeyboardInterrupt), committed_db.transaction() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
    event.remove(committed_db.bind, "before_cursor_execute", interrupt)

    with committed_db.transaction() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))


def test_an_error_does_not_tell_the_values_that_it_was_about(engine: Engine) -> None:
    named = text("SELECT 1 FROM nowhere WHERE name = :name")

    with pytest.raises(SQLAlchemyError) as problem, engine.connect() as connection:
        connection.execute(named, {"name": "Maya Lindqvist"})

    assert "nowhere" in str(problem.value)
    assert "Maya" not in str(problem.value)
