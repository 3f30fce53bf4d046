"""Tables of credit notes and of the numbers that papers bear."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Minor, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.money import Money


class CreditNote(Base):
    """Reduces an issued invoice, by an amount that includes its share of the tax."""

    __tablename__ = "credit_note"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    issued_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name="tax"),
        Index("ix_credit_note_account", "account_id", "issued_on", "id"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def amount(self) -> Money:
        """By how much it reduces the invoice, tax included."""
        return Money(self.amount_minor, self.currency)


class NumberSeries(Base):
    """The next number of one series: taken last in a transaction, so that issued numbers have no gaps."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(20))
    following: Mapped[int]
