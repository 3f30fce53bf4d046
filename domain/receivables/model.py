"""Tables of what is owed (debit items), what settles it (credit items), and which settled which (allocations)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.policies.sections import Part
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.money import Money


class InvoiceKind(StrEnum):
    """An invoice for what was sold, a debit note for what came on top of one, or what is owed a second time.

    Owed again: money was taken back that had been refunded, or moved to another account, before.
    """

    INVOICE = "invoice"
    DEBIT_NOTE = "debit_note"
    OWED_AGAIN = "owed_again"


class InvoiceStatus(StrEnum):
    """The stored states; open, settled and overdue are derived."""

    DRAFT = "draft"
    ISSUED = "issued"
    VOID = "void"


class CreditKind(StrEnum):
    """What a credit item came from."""

    PAYMENT = "payment"
    CREDIT_NOTE = "credit_note"
    MOVED = "moved"
    REINSTATED = "reinstated"
    DISCOUNT = "discount"
    CONCESSION = "concession"
    WRITE_OFF = "write_off"


class WithdrawalKind(StrEnum):
    """Why credit left the account again without settling an invoice."""

    REFUND = "refund"
    RETURN = "return"
    CHARGEBACK = "chargeback"
    MOVED = "moved"
    MISTAKE = "mistake"
    REVOKED = "revoked"


NOT_VOID = text("status <> 'void'")
OPEN = text("open_minor > 0 AND status = 'issued'")
UNAPPLIED = text("unapplied_minor > 0")


class Invoice(Base):
    """An issued demand. `open_minor` is amount less allocations, kept under the account's lock.

    `terms_version_id` is the policy version that governs its due day, discount, interest and costs for good; none does
    where it is empty. `delivered_on` is when what it is for was delivered.
    """

    __tablename__ = "invoice"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[InvoiceKind] = mapped_column(enum_column(InvoiceKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    number: Mapped[str] = mapped_column(String(64))
    status: Mapped[InvoiceStatus] = mapped_column(enum_column(InvoiceStatus))
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    open_minor: Mapped[Minor]
    description: Mapped[str | None] = mapped_column(Text)
    purchase_order: Mapped[str | None] = mapped_column(String(100))
    import_id: Mapped[int | None] = mapped_column(Key, index=True)
    terms_version_id: Mapped[int | None] = mapped_column(Key)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name="tax"),
        CheckConstraint("open_minor >= 0 AND open_minor <= amount_minor", name="open"),
        Index(
            "uq_invoice_account_id_number",
            "account_id",
            "number",
            unique=True,
            postgresql_where=NOT_VOID,
            sqlite_where=NOT_VOID,
        ),
        Index("ix_invoice_open", "account_id", "due_on", "id", "open_minor", postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_invoice_open_amount", "open_minor", "due_on", "id", postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_invoice_account", "account_id", "issued_on", "id"),
        Index("ix_invoice_due", "due_on", "id"),
        Index("ix_invoice_number", "number"),
        Index("ix_invoice_amount", "amount_minor", "id"),
    )

    @property
    def amount(self) -> Money:
        """What was demanded, tax included."""
        return Money(self.amount_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax within `amount`, as issued."""
        return Money(self.tax_minor, self.currency)

    @property
    def open(self) -> Money:
        """What is still to be settled."""
        return Money(self.open_minor, self.currency)


class DebtPart(Base):
    """Which part of a debt a debit note is: costs, or interest."""

    __tablename__ = "debt_part"

    invoice_id: Mapped[int] = mapped_column(Key, ForeignKey("invoice.id"), primary_key=True, autoincrement=False)
    part: Mapped[Part] = mapped_column(enum_column(Part))

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class InvoiceLine(Base):
    """One line of an invoice; `amount_minor` is net, `tax_minor` comes on top."""

    __tablename__ = "invoice_line"

    id: Mapped[PrimaryKey]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    description: Mapped[str] = mapped_column(Text)
    quantity: Mapped[str | None] = mapped_column(String(40))
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]

    __table_args__ = (UniqueConstraint("invoice_id", "position"),)


class CreditItem(Base):
    """Money received or credit granted, of which `unapplied_minor` has not yet been allocated."""

    __tablename__ = "credit_item"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[CreditKind] = mapped_column(enum_column(CreditKind))
    source: Mapped[str] = mapped_column(String(80))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    unapplied_minor: Mapped[Minor]
    effective_on: Mapped[date] = mapped_column(Date)
    import_id: Mapped[int | None] = mapped_column(Key, index=True)
    recorded_at: Mapped[Instant]
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("kind", "source"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("unapplied_minor >= 0 AND unapplied_minor <= amount_minor", name="unapplied"),
        Index("ix_credit_item_account", "account_id", "effective_on", "id"),
        Index("ix_credit_item_unapplied", "account_id", postgresql_where=UNAPPLIED, sqlite_where=UNAPPLIED),
    )

    @property
    def amount(self) -> Money:
        """How much came in or was granted."""
        return Money(self.amount_minor, self.currency)

    @property
    def unapplied(self) -> Money:
        """What has not been allocated."""
        return Money(self.unapplied_minor, self.currency)


class Allocation(Base):
    """What part of a credit item settles which invoice; a row with a negative amount takes an earlier one back."""

    __tablename__ = "allocation"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    credit_item_id: Mapped[int] = mapped_column(ForeignKey("credit_item.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    effective_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"), unique=True)

    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_allocation_account", "account_id", "effective_on", "id"),
        {"info": {APPEND_ONLY: True}},
    )


class Withdrawal(Base):
    """What part of a credit item left the account again; a row with a negative amount gives an earlier one back.

    `source` names the refund, return, chargeback or move; several items can share one, and an item can be named twice.
    """

    __tablename__ = "withdrawal"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    credit_item_id: Mapped[int] = mapped_column(ForeignKey("credit_item.id"), index=True)
    kind: Mapped[WithdrawalKind] = mapped_column(enum_column(WithdrawalKind))
    source: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    effective_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("withdrawal.id"), index=True)

    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint("(amount_minor < 0) = (reverses_id IS NOT NULL)", name="reverses"),
        Index("ix_withdrawal_account", "account_id", "effective_on", "id"),
        Index("ix_withdrawal_source", "kind", "source"),
        {"info": {APPEND_ONLY: True}},
    )


class Uncovering(Base):
    """How much of which invoice a withdrawal uncovered, so that giving it back covers exactly that again."""

    __tablename__ = "uncovering"

    id: Mapped[PrimaryKey]
    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("withdrawal.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    amount_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("withdrawal_id", "invoice_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )


class OwedAgain(Base):
    """Which refund, return or chargeback made an account owe something a second time."""

    __tablename__ = "owed_again"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(120), index=True)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class Extension(Base):
    """A later due day that was granted for one invoice, once; the invoice's `due_on` is the later day since then.

    Weighted delay, grades and the early discount go by `was_due_on`, the original day; a past ageing by what was
    granted by then.
    """

    __tablename__ = "extension"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), unique=True)
    was_due_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    granted_on: Mapped[date] = mapped_column(Date)
    granted_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("due_on > was_due_on", name="later"),
        {"info": {APPEND_ONLY: True}},
    )


class ExtensionCut(Base):
    """A later due day that was taken back or shortened; the invoice's `due_on` is the earlier day since then."""

    __tablename__ = "extension_cut"

    id: Mapped[PrimaryKey]
    extension_id: Mapped[int] = mapped_column(ForeignKey("extension.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    was_due_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    cut_on: Mapped[date] = mapped_column(Date)
    cut_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("due_on < was_due_on", name="earlier"),
        {"info": {APPEND_ONLY: True}},
    )


class CreditMove(Base):
    """Credit that was moved from one account to another, by whom and why; two entries and two items name it."""

    __tablename__ = "credit_move"

    id: Mapped[PrimaryKey]
    from_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    to_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    reason: Mapped[str] = mapped_column(Text)
    moved_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("from_account_id <> to_account_id", name="accounts"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def source(self) -> str:
        """How entries and items name it."""
        return f"credit_move:{self.id}"

    @property
    def amount(self) -> Money:
        """How much was moved."""
        return Money(self.amount_minor, self.currency)
