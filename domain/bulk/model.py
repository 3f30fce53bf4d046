"""The tables of acts on many accounts at once, and of what became of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime, enum_column


class RowState(StrEnum):
    """What became of one row."""

    WAITS = "waits"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


class BulkRun(Base):
    """Somebody asked for one act on many accounts: which, with what, and when it was through."""

    __tablename__ = "bulk_run"

    id: Mapped[PrimaryKey]
    act: Mapped[str] = mapped_column(String(40))
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    asked_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BulkRow(Base):
    """One account of a run: what became of it, and in words why not (a message id with its values)."""

    __tablename__ = "bulk_row"

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[RowState] = mapped_column(enum_column(RowState))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made: Mapped[str | None] = mapped_column(String(80))
    """What came of it, as kind and id, where the act made something."""

    __table_args__ = (Index(None, "run_id", "id"),)


BULK_RUNS = Base.metadata.tables[BulkRun.__tablename__]
BULK_ROWS = Base.metadata.tables[BulkRow.__tablename__]
"""The tables themselves, for Core statements."""
