"""The tables of practice: a session with a customer who does not exist, and what was said to them, turn by turn."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.notices.model import CallOutcome
from domain.practice.moves import Move
from domain.shared.db.base import Base, CurrencyCode, Instant, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY


class PracticeSession(Base):
    """One try of a situation by a member of staff.

    `seed` and `day` decide who the customer is and what is late. `ended_at` is when the conversation was over,
    `marked_at` when it was looked back on: a call once it is logged (`outcome` and what follows), a message at once.
    `is_surprise` where the trainee does not know beforehand what comes. `points` of `most` were earned. `shared_at` is
    when its owner let managers read it.
    """

    __tablename__ = "practice_session"

    id: Mapped[PrimaryKey]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    situation: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int]
    is_surprise: Mapped[bool]
    day: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[CallOutcome | None] = mapped_column(enum_column(CallOutcome))
    words: Mapped[str | None] = mapped_column(Text)
    follows_on: Mapped[date | None] = mapped_column(Date)
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    points: Mapped[int | None]
    most: Mapped[int | None]
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("seed > 0", name="seed"),
        CheckConstraint("marked_at IS NULL OR ended_at IS NOT NULL", name="ended"),
        CheckConstraint("(marked_at IS NULL) = (points IS NULL)", name="points"),
        CheckConstraint("(points IS NULL) = (most IS NULL)", name="most"),
        CheckConstraint("points BETWEEN 0 AND most", name="earned"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("shared_at IS NULL OR marked_at IS NOT NULL", name="shared"),
        Index(None, "staff_id", "id"),
    )


class PracticeTurn(Base):
    """What was said to the customer in one turn: the kind of thing, and the own words where there are any."""

    __tablename__ = "practice_turn"

    id: Mapped[PrimaryKey]
    session_id: Mapped[int] = mapped_column(ForeignKey("practice_session.id"))
    number: Mapped[int]
    move: Mapped[Move] = mapped_column(enum_column(Move))
    words: Mapped[str | None] = mapped_column(Text)
    said_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        UniqueConstraint("session_id", "number"),
        {"info": {APPEND_ONLY: True}},
    )


SESSIONS = Base.metadata.tables[PracticeSession.__tablename__]
TURNS = Base.metadata.tables[PracticeTurn.__tablename__]
"""The tables themselves, for Core statements."""
