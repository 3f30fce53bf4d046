"""Tables of dunning: at which stage each invoice is, when everything was paused, and what the nightly run did."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.notices.model import HeldBack
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column


class DunningStage(Base):
    """How far the sequence has come for an invoice: `day` is that of the last step, whatever sequence rules now.

    `looked_on` is the last day on which a step was due and was looked at; `held_day` and `held_why` say which step
    was held back then, so that it is said once.
    """

    __tablename__ = "dunning_stage"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    day: Mapped[int | None]
    reached_on: Mapped[date | None] = mapped_column(Date)
    looked_on: Mapped[date | None] = mapped_column(Date)
    held_day: Mapped[int | None]
    held_why: Mapped[HeldBack | None] = mapped_column(enum_column(HeldBack, name="held_why"))
    escalated_on: Mapped[date | None] = mapped_column(Date)


class DunningPause(Base):
    """No reminder goes to anybody, from `paused_at` on, through `until_on` or until somebody resumes."""

    __tablename__ = "dunning_pause"

    id: Mapped[PrimaryKey]
    why: Mapped[str] = mapped_column(Text)
    paused_at: Mapped[Instant]
    paused_by: Mapped[int] = mapped_column(Key)
    until_on: Mapped[date | None] = mapped_column(Date)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumed_by: Mapped[int | None] = mapped_column(Key)


class DutyDay(Base):
    """What one duty of the worker did on one business day, so that one page can tell."""

    __tablename__ = "duty_day"

    duty: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    first_at: Mapped[Instant]
    last_at: Mapped[Instant]
    runs: Mapped[int]
    done: Mapped[int]
    failures: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(Text)


DUTY_DAYS = Base.metadata.tables[DutyDay.__tablename__]
STAGES = Base.metadata.tables[DunningStage.__tablename__]
"""The tables themselves, for Core statements."""
