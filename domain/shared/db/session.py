"""Database: the two ways to reach the data, and what a session knows of time and of the business it works for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from domain.shared.business import Business
from domain.shared.clock import Clock, day_in
from domain.shared.db.engine import WRITES


class Database:
    """An engine, a clock and the business: hands out sessions that are stamped with the moment they began."""

    def __init__(self, bind: Engine | Connection, clock: Clock, business: Business) -> None:
        self.bind = bind
        self.clock = clock
        self.business = business

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A fresh session for one use case: commits at the end, rolls everything back when anything is raised."""
        with self._session(writes=True) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A fresh session that only reads, and sees one moment throughout."""
        with self._session(writes=False) as session:
            yield session

    @contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        info = {"now": self.clock.now(), "business": self.business}
        with Session(self.bind, expire_on_commit=False, info=info, join_transaction_mode="create_savepoint") as session:
            session.connection(execution_options={WRITES: writes, **({} if writes else self._snapshot)})
            yield session

    @property
    def _snapshot(self) -> dict[str, object]:
        """How a reading transaction sees one moment; SQLite's always do, and a connection in use keeps what it has."""
        if isinstance(self.bind, Connection) or self.bind.dialect.name != "postgresql":
            return {}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def now(session: Session) -> datetime:
    """The instant at which this transaction began (UTC): one transaction happens at one time."""
    instant: datetime = session.info["now"]
    return instant


def business(session: Session) -> Business:
    """The creditor whose books these are."""
    ours: Business = session.info["business"]
    return ours


def today(session: Session) -> date:
    """The day on which this transaction began, in the business's time zone."""
    return day_in(now(session), business(session).time_zone)
