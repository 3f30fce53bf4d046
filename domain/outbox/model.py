"""The table of messages that wait for their transaction to have committed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime

WAITING = text("done_at IS NULL AND given_up_at IS NULL")


class OutboxMessage(Base):
    """One thing to do after commit: its kind names the handler, its payload holds ids, never secrets."""

    __tablename__ = "outbox_message"

    id: Mapped[PrimaryKey]
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    account_id: Mapped[int | None]
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_outbox_message_waiting", "due_at", "id", postgresql_where=WAITING, sqlite_where=WAITING),
    )


OUTBOX = Base.metadata.tables[OutboxMessage.__tablename__]
"""The table itself, for Core statements."""
