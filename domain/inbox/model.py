"""The tables of what the outside told us, and of who is looking at which of its objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime

WAITING = text("handled_at IS NULL AND failed_at IS NULL")


class InboxEvent(Base):
    """One event as it arrived: a trigger to look at `object_ref`, not the truth about it."""

    __tablename__ = "inbox_event"

    id: Mapped[PrimaryKey]
    source: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(80))
    object_ref: Mapped[str] = mapped_column(String(120), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[Instant]
    received_at: Mapped[Instant]
    due_at: Mapped[Instant]
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_inbox_event_waiting", "due_at", "id", postgresql_where=WAITING, sqlite_where=WAITING),
    )


class ObjectLease(Base):
    """Who is looking at one outside object right now: its events are handled one at a time."""

    __tablename__ = "object_lease"

    object_ref: Mapped[str] = mapped_column(String(120), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[Instant]


EVENTS = Base.metadata.tables[InboxEvent.__tablename__]
LEASES = Base.metadata.tables[ObjectLease.__tablename__]
"""The tables themselves, for Core statements."""
