"""Base: the declarative base and the few column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Enum, Integer, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column

Key = BigInteger().with_variant(Integer, "sqlite")
"""Integer keys: SQLite numbers rows by itself only in a plain INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored without a zone in UTC, given back with UTC; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored instant its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def enum_column(kind: type[StrEnum], **options: Any) -> Enum:
    """A column that holds an enum's values as text, with a CHECK that the database itself keeps."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=options.pop("name", kind.__name__.lower()),
        values_callable=lambda members: [member.value for member in members],
        **options,
    )


class Base(DeclarativeBase):
    """All tables; constraints get predictable names, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


PrimaryKey = Annotated[int, mapped_column(Key, primary_key=True)]
Minor = Annotated[int, mapped_column(BigInteger)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
CurrencyCode = Annotated[str, mapped_column(String(3))]
