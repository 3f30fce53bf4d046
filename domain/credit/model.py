"""Tables of limits, of what is ordered and not yet billed, and of holds on new credit, their lifting and its end."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class HoldReason(StrEnum):
    """Why new credit is held."""

    ABOVE_LIMIT = "above_limit"
    OVERDUE = "overdue"
    CHECK_EXPIRED = "check_expired"
    STOPPED = "stopped"


HOLD_WORDS = {
    HoldReason.ABOVE_LIMIT: N_("More is used than the credit limit allows"),
    HoldReason.OVERDUE: N_("Something has been overdue for too long"),
    HoldReason.CHECK_EXPIRED: N_("The credit check has expired"),
    HoldReason.STOPPED: N_("A stop on the account holds new credit"),
}
"""What each reason is called on the screen."""

HELD = "ended_at IS NULL"
"""Which holds are still in the register as holding, as the database reads it."""


class CreditLimit(Base):
    """A decision on an account's own limit; the last one counts, and one without an amount ends the own limit."""

    __tablename__ = "credit_limit"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[CurrencyCode]
    why: Mapped[str] = mapped_column(Text)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("credit_application.id"), index=True)
    decided_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("limit_minor >= 0", name="limit_minor"),
        Index("ix_credit_limit_account", "account_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )


class Unbilled(Base):
    """What an order comes to that another system has taken and we have not billed yet, by that system's reference."""

    __tablename__ = "unbilled"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(String(80))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    set_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        UniqueConstraint("account_id", "reference"),
    )


class CreditHold(Base):
    """New credit is held for a reason, from a day on until the reason is gone; `detail` has the figures of that day."""

    __tablename__ = "credit_hold"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[HoldReason] = mapped_column(enum_column(HoldReason))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    began_on: Mapped[date] = mapped_column(Date)
    began_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_credit_hold_live",
            "account_id",
            "reason",
            unique=True,
            postgresql_where=text(HELD),
            sqlite_where=text(HELD),
        ),
        Index("ix_credit_hold_account", "account_id", "id"),
    )


class HoldLift(Base):
    """Somebody let new credit through in spite of a hold, until a day (that day included), and said why."""

    __tablename__ = "credit_hold_lift"

    id: Mapped[PrimaryKey]
    hold_id: Mapped[int] = mapped_column(ForeignKey("credit_hold.id"), index=True)
    until_on: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class HoldLiftEnd(Base):
    """Somebody ended a lifting before its last day, and said why: the hold holds again from then on."""

    __tablename__ = "credit_hold_lift_end"

    id: Mapped[PrimaryKey]
    lift_id: Mapped[int] = mapped_column(ForeignKey("credit_hold_lift.id"))
    why: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (UniqueConstraint("lift_id"), {"info": {APPEND_ONLY: True}})


CREDIT_LIMITS = Base.metadata.tables[CreditLimit.__tablename__]
UNBILLED = Base.metadata.tables[Unbilled.__tablename__]
CREDIT_HOLDS = Base.metadata.tables[CreditHold.__tablename__]
HOLD_LIFTS = Base.metadata.tables[HoldLift.__tablename__]
HOLD_LIFT_ENDS = Base.metadata.tables[HoldLiftEnd.__tablename__]
"""The tables themselves, for Core statements."""
