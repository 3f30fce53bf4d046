"""Engines: SQLite and PostgreSQL set up so that the same code keeps the same promises on both."""

from __future__ import annotations

import threading
from collections import deque
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError

BUSY_SECONDS = 30
IDLE_SECONDS = 1.0
"""After so long without use a connection to PostgreSQL may have gone away unnoticed."""
WRITES = "writes"
"""The execution option by which a session says that its transaction will write."""


class TicketLock:
    """A lock that serves those who wait in the order they came; SQLite's own waiting starves the unlucky."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Event] = deque()

    def acquire(self) -> None:
        """Wait for our turn."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        if not turn.wait(BUSY_SECONDS):
            with self._guard:
                if not turn.is_set():
                    self._queue.remove(turn)
                    raise TimeoutError(f"another writer held the database for {BUSY_SECONDS} seconds")

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._taken = False


def open_engine(url: str, *, pool_size: int = 24) -> Engine:
    """An engine for `url`; on SQLite writers queue up in order and every commit is on disk before it returns.

    Its errors do not tell the values that a statement was about: they are shown and logged where names must not be.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, pool_size)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed, pool_size=pool_size, max_overflow=0, isolation_level="READ COMMITTED", hide_parameters=True
    )
    _ask_the_idle(engine)
    return engine


def _ask_the_idle(engine: Engine) -> None:
    """Ask a connection that lay idle whether it is still there, before anybody relies on it.

    One that was in use a moment ago is taken at its word: to ask it would be one more way to the server and back for
    every page, and a server that has just restarted was away for longer.
    """

    @event.listens_for(engine, "checkin")
    def lay_down(connection: Any, record: Any) -> None:
        record.info["idle_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def take_up(connection: Any, record: Any, _: Any) -> None:
        idle_since = record.info.get("idle_since")
        if idle_since is None or monotonic() - idle_since < IDLE_SECONDS:
            return
        if not engine.dialect._do_ping_w_event(connection):
            raise InvalidatePoolError


def _sqlite(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=8,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )
    turns = _Turns()
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "commit", turns.commit)
    event.listen(engine, "rollback", turns.rollback)
    return engine


def _prepare(connection: Any, record: Any) -> None:
    """A new connection to SQLite: transactions are begun by us, commits are on disk, references hold."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


class _Turns:
    """Transactions on SQLite: a writer takes its turn before it begins, and hands it on when it has ended."""

    def __init__(self) -> None:
        self._lock = TicketLock()
        self._writer: Connection | None = None

    def begin(self, connection: Connection) -> None:
        """Begin to read, or wait for our turn to write."""
        if not connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql("BEGIN")
            return
        self._lock.acquire()
        self._writer = connection
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._hand_on(connection)
            raise

    def commit(self, connection: Connection) -> None:
        """Commit here, so that the turn is handed on after it; no rollback event follows a commit that failed."""
        try:
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            self.rollback(connection)
            raise
        self._hand_on(connection)

    def rollback(self, connection: Connection) -> None:
        """Give everything back, the turn included; a connection that has gone has nothing else to give."""
        try:
            if not connection.invalidated:
                connection.connection.rollback()
        finally:
            self._hand_on(connection)

    def _hand_on(self, connection: Connection) -> None:
        if self._writer is connection:
            self._writer = None
            self._lock.release()
