"""Tables of remittance advices: how much a payer says is coming, when, and what it is for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Minor, PrimaryKey, UtcDateTime
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.money import Money

STILL_OPEN = text("closed_at IS NULL")


class RemittanceAdvice(Base):
    """A payer's word on a transfer; `closed_at` once it came (`payment_id` then names it) or was taken back."""

    __tablename__ = "remittance_advice"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    currency: Mapped[CurrencyCode]
    total_minor: Mapped[Minor]
    expected_on: Mapped[date] = mapped_column(Date)
    told_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payment_id: Mapped[str | None] = mapped_column(String(26))

    __table_args__ = (
        CheckConstraint("total_minor > 0", name="total"),
        Index("ix_remittance_advice_open", "account_id", postgresql_where=STILL_OPEN, sqlite_where=STILL_OPEN),
    )

    @property
    def total(self) -> Money:
        """How much is coming."""
        return Money(self.total_minor, self.currency)


class RemittanceAdviceLine(Base):
    """How much of the transfer is for which invoice."""

    __tablename__ = "remittance_advice_line"

    id: Mapped[PrimaryKey]
    advice_id: Mapped[int] = mapped_column(ForeignKey("remittance_advice.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    amount_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("advice_id", "invoice_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )
