"""Tables of credit notes and of the numbers that papers bear."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey
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


class CreditedLine(Base):
    """The one line of its invoice that a credit note is about; a credit note without a row is about all of it."""

    __tablename__ = "credited_line"

    credit_note_id: Mapped[int] = mapped_column(ForeignKey("credit_note.id"), primary_key=True, autoincrement=False)
    line_id: Mapped[int] = mapped_column(ForeignKey("invoice_line.id"), index=True)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class EarlyDiscount(Base):
    """What an invoice came down by because it was paid early: by which payment, and with how much of its tax.

    It has a `number`, as a tax credit note, where tax was corrected. `payment` is the payment's public id. When that
    payment goes back, the discount falls with it: its credit item is withdrawn, and the row stays.
    """

    __tablename__ = "early_discount"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    payment: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[str | None] = mapped_column(String(64), unique=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    effective_on: Mapped[date] = mapped_column(Date)
    version_id: Mapped[int] = mapped_column(Key)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("payment", "invoice_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name="tax"),
        Index("ix_early_discount_account", "account_id", "effective_on", "id"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def amount(self) -> Money:
        """How much the invoice came down by, tax included."""
        return Money(self.amount_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax within it that was corrected."""
        return Money(self.tax_minor, self.currency)

    @property
    def source(self) -> str:
        """How its entry and its credit item name it."""
        return f"discount:{self.id}"


class NumberSeries(Base):
    """The next number of one series: taken last in a transaction, so that issued numbers have no gaps."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(20))
    following: Mapped[int]


class InvoicingDetails(Base):
    """What invoices to an account have to bear, beside its name and address."""

    __tablename__ = "invoicing_details"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    tax_number: Mapped[str | None] = mapped_column(String(40))
    wants_purchase_order: Mapped[bool]
