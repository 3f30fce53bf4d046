"""Database: the two ways to reach the data, and what a session knows of time and of the business it works for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from domain.shared.business import Business
from domain.shared.clock import Clock, day_in
from domain.shared.db.engine import WRITES

CHANGED = "business_changed"


class LiveSource(Protocol):
    """What gives the business as it is now, and can be told that it has changed."""

    @property
    def installation(self) -> Business:
        """The business as it was installed."""
        ...

    def __call__(self) -> Business:
        """The business."""
        ...

    def forget(self) -> None:
        """Look anew the next time."""
        ...


class Database:
    """An engine, a clock and the business: hands out sessions that are stamped with the moment they began.

    The business is one that never changes, or what gives it as it is now; each transaction has one throughout.
    """

    def __init__(self, bind: Engine | Connection, clock: Clock, business: Business | LiveSource) -> None:
        self.bind = bind
        self.clock = clock
        self._business = business

    @property
    def business(self) -> Business:
        """The creditor as it is described now."""
        return self._business if isinstance(self._business, Business) else self._business()

    def forget_business(self) -> None:
        """Ask anew for the business before it is given again: how it is described has changed."""
        if not isinstance(self._business, Business):
            self._business.forget()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A fresh session for one use case: commits at the end, rolls everything back when anything is raised."""
        with self._session(writes=True) as session:
            yield session
            session.commit()
        if session.info.get(CHANGED):
            self.forget_business()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A fresh session that only reads, and sees one moment throughout."""
        with self._session(writes=False) as session:
            yield session

    @contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        ours = self._business
        installation = ours if isinstance(ours, Business) else ours.installation
        info = {"now": self.clock.now(), "business": self.business, "installation": installation}
        with Session(self.bind, expire_on_commit=False, info=info, join_transaction_mode="create_savepoint") as session:
            session.connection(execution_options={WRITES: writes, **({} if writes else self._snapshot)})
            yield session

    @property
    def _snapshot(self) -> dict[str, object]:
        """How a reading transaction sees one moment; SQLite's always do, and a connection in use keeps what it has."""
        if isinstance(self.bind, Connection) or self.bind.dialect.name != "postgresql":
            return {}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def installation(session: Session) -> Business:
    """The creditor as the installation describes it, whatever was set since."""
    ours: Business = session.info["installation"]
    return ours


def business_changed(session: Session) -> None:
    """Let the business be asked for anew in this process, once the transaction has committed."""
    session.info[CHANGED] = True


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
