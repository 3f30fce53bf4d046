"""The tables of reports made ahead, of reports that are sent, and of what was forecast when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.errors import N_


class KeptReport(Base):
    """A report as it was made, with what it was asked for, so that a page need not make it again."""

    __tablename__ = "kept_report"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(60))
    asked: Mapped[str] = mapped_column(String(300))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[Instant]

    __table_args__ = (Index(None, "name", "asked", "made_at"),)


class DayFigure(Base):
    """One figure of the whole business at the end of a day, in one currency, kept for lines over time."""

    __tablename__ = "day_figure"

    id: Mapped[PrimaryKey]
    day: Mapped[date]
    currency: Mapped[CurrencyCode]
    name: Mapped[str] = mapped_column(String(40))
    value_minor: Mapped[Minor]
    """Money in minor units; days, per cent and counts in hundredths."""
    made_at: Mapped[Instant]

    __table_args__ = (Index(None, "name", "currency", "day", unique=True),)


class Cadence(StrEnum):
    """How often a report is sent."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


CADENCE_NAMES = {
    Cadence.DAILY: N_("Every working day"),
    Cadence.WEEKLY: N_("Every Monday"),
    Cadence.MONTHLY: N_("On the first day of each month"),
    Cadence.QUARTERLY: N_("On the first day of each quarter"),
}
"""What each is called on the screen."""


class ReportSchedule(Base):
    """A report that somebody gets by mail, again and again, until it is ended."""

    __tablename__ = "report_schedule"

    id: Mapped[PrimaryKey]
    report: Mapped[str] = mapped_column(String(60))
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    format: Mapped[str] = mapped_column(String(4))
    cadence: Mapped[Cadence] = mapped_column(enum_column(Cadence))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    """Who gets it: only members of staff, whose rights hold on the day it is sent."""
    made_by: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[Instant]
    next_on: Mapped[date] = mapped_column(index=True)
    sent_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("format IN ('csv', 'xlsx', 'pdf')", name="format"),)


class AccountDelay(Base):
    """How late an account pays, learned from what it paid; `invoices` of the past two years are in it."""

    __tablename__ = "account_delay"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    learned_on: Mapped[date]
    invoices: Mapped[int]
    delays: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Days after the due date (below zero: before it), and how many thousandths of invoices were paid then.

    Older payments weigh less (domain/reporting/forecasting/delays.py), so that the sum says how much is known of it.
    """


class CashForecast(Base):
    """What was expected on a day to come in during a later week, by one method; kept, so that it can be judged."""

    __tablename__ = "cash_forecast"

    id: Mapped[PrimaryKey]
    made_on: Mapped[date]
    week_on: Mapped[date]
    """The Monday of the week it is about."""
    currency: Mapped[CurrencyCode]
    method: Mapped[str] = mapped_column(String(20))
    expected_minor: Mapped[Minor]

    __table_args__ = (Index(None, "made_on", "week_on", "currency", "method", unique=True),)


KEPT_REPORTS = Base.metadata.tables[KeptReport.__tablename__]
DAY_FIGURES = Base.metadata.tables[DayFigure.__tablename__]
SCHEDULES = Base.metadata.tables[ReportSchedule.__tablename__]
DELAYS = Base.metadata.tables[AccountDelay.__tablename__]
FORECASTS = Base.metadata.tables[CashForecast.__tablename__]
"""The tables themselves, for Core statements."""
