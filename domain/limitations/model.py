"""Tables of the limitation clock: whose law an account is under, what starts its time anew, and warnings given."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY


class LimitationLaw(Base):
    """Whose law governs the debts of an account, as ISO 3166 names it, where staff have said so; the latest counts."""

    __tablename__ = "limitation_law"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    jurisdiction: Mapped[str] = mapped_column(String(6))
    why: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class LimitationAct(StrEnum):
    """What staff, or a legal case, record of the clock of a debt; part payments are in the books.

    FILED and WITHDRAWN are of a claim: it is before a court, and is no longer without one having decided.
    """

    ACKNOWLEDGED = "acknowledged"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    JUDGMENT = "judgment"


class LimitationEvent(Base):
    """Something that moves the clock of one invoice, or of all of an account that were due then.

    `source` names what brought it (a plan, a promise, a legal case), once for each act.
    """

    __tablename__ = "limitation_event"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    act: Mapped[LimitationAct] = mapped_column(enum_column(LimitationAct))
    happened_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    source: Mapped[str | None] = mapped_column(String(120))
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        Index("ix_limitation_event_account", "account_id", "id"),
        UniqueConstraint("source", "act", "invoice_id"),
        {"info": {APPEND_ONLY: True}},
    )


class LimitationWarning(Base):
    """That somebody was warned `ahead_days` before the last day on which an invoice can be enforced; once for each."""

    __tablename__ = "limitation_warning"

    id: Mapped[PrimaryKey]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    expires_on: Mapped[date] = mapped_column(Date)
    ahead_days: Mapped[int]
    warned_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("invoice_id", "expires_on", "ahead_days"), {"info": {APPEND_ONLY: True}})
