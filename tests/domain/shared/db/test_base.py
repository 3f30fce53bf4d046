"""Column types: instants keep their zone, enums are kept by the database itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import MetaData, Table, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.schema import Column

from domain.shared.actor import ActorKind
from domain.shared.db.base import Base, Key, UtcDateTime, enum_column
from domain.shared.db.session import Database

SCRATCH = Table(
    "scratch",
    MetaData(naming_convention=Base.metadata.naming_convention),
    Column("id", Key, primary_key=True),
    Column("at", UtcDateTime),
    Column("kind", enum_column(ActorKind)),
)


@pytest.fixture
def scratch(db: Database) -> Database:
    """A database with a table to try types on."""
    with db.transaction() as session:
        SCRATCH.create(session.connection())
    return db


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(scratch: Database) -> None:
    given = datetime(2026, 3, 16, 17, 45, 1, 234567, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with scratch.transaction() as session:
        session.execute(insert(SCRATCH).values(at=given))

        kept = session.execute(select(SCRATCH.c.at)).scalar_one()

    assert kept == given
    assert kept.tzinfo is UTC


def test_no_instant_stays_none(scratch: Database) -> None:
    with scratch.transaction() as session:
        session.execute(insert(SCRATCH).values(at=None))

        assert session.execute(select(SCRATCH.c.at)).scalar_one() is None


def test_an_instant_without_a_zone_is_refused(scratch: Database) -> None:
    naive = datetime(2026, 3, 16, 12)  # noqa: DTZ001
    with pytest.raises(StatementError, match="needs its time zone"), scratch.transaction() as session:
        session.execute(insert(SCRATCH).values(at=naive))


def test_the_database_itself_refuses_a_value_that_the_enum_does_not_have(scratch: Database) -> None:
    with scratch.transaction() as session:
        session.execute(insert(SCRATCH).values(kind=ActorKind.STAFF))
        assert session.execute(select(SCRATCH.c.kind)).scalar_one() is ActorKind.STAFF

        with pytest.raises((IntegrityError, DBAPIError), match="actorkind"), session.begin_nested():
            session.connection().exec_driver_sql("UPDATE scratch SET kind = 'ghost'")


def test_rows_are_numbered_by_both_engines(scratch: Database) -> None:
    with scratch.transaction() as session:
        ids = [session.execute(insert(SCRATCH).returning(SCRATCH.c.id)).scalar_one() for _ in range(2)]

    assert ids[1] == ids[0] + 1
