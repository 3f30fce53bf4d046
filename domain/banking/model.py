"""Tables of our bank accounts, the statements that were read, their lines, and what each line was booked as."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class LineState(StrEnum):
    """Where a line stands: nobody has decided, booked, parked as money that nobody knows, or none of ours."""

    OPEN = "open"
    BOOKED = "booked"
    PARKED = "parked"
    IGNORED = "ignored"


ARROWS: dict[LineState, frozenset[LineState]] = {
    LineState.OPEN: frozenset({LineState.BOOKED, LineState.PARKED, LineState.IGNORED}),
    LineState.PARKED: frozenset({LineState.BOOKED}),
    LineState.BOOKED: frozenset({LineState.OPEN, LineState.PARKED}),
    LineState.IGNORED: frozenset({LineState.OPEN}),
}
"""Which state may follow which: what was booked by mistake stands where it stood before that."""


class BookedAs(StrEnum):
    """What a line, or a part of one, turned out to be."""

    PAYMENT = "payment"
    RECORDED_RECEIPT = "recorded_receipt"
    PAYOUT = "payout"
    RETURN = "return"
    REFUND = "refund"
    REMITTANCE = "remittance"
    UNIDENTIFIED = "unidentified"
    SENT_BACK = "sent_back"


BOOKED_AS_NAMES = {
    BookedAs.PAYMENT: N_("Payment"),
    BookedAs.RECORDED_RECEIPT: N_("Recorded receipt"),
    BookedAs.PAYOUT: N_("Payout"),
    BookedAs.RETURN: N_("Returned receipt"),
    BookedAs.REFUND: N_("Refund"),
    BookedAs.REMITTANCE: N_("Remittance of a partner"),
    BookedAs.UNIDENTIFIED: N_("Unidentified"),
    BookedAs.SENT_BACK: N_("Sent back"),
}
"""What each is called on the screen."""

WAITING = text("state IN ('open', 'parked')")


class BankAccount(Base):
    """One of our own accounts at a bank; `columns` remembers how its tables are to be read."""

    __tablename__ = "bank_account"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(120))
    identifier: Mapped[str] = mapped_column(String(40))
    currency: Mapped[CurrencyCode]
    columns: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("identifier", "currency"),)


class BankImport(Base):
    """One statement of one bank account as a file told it: how many of its lines were new."""

    __tablename__ = "bank_import"

    id: Mapped[PrimaryKey]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    format: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date | None] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    opening_minor: Mapped[int | None] = mapped_column(BigInteger)
    closing_minor: Mapped[int | None] = mapped_column(BigInteger)
    line_count: Mapped[int]
    new_count: Mapped[int]
    imported_at: Mapped[Instant]
    staff_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        Index("ix_bank_import_account", "bank_account_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )


class BankUpload(Base):
    """A file that staff uploaded and look at; `document_id` once it was taken in, before that it is no document."""

    __tablename__ = "bank_upload"

    id: Mapped[PrimaryKey]
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[Instant]
    staff_id: Mapped[int] = mapped_column(Key)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))


class BankLine(Base):
    """One movement at the bank; `identity` makes it the same line in every file that tells it."""

    __tablename__ = "bank_line"

    id: Mapped[PrimaryKey]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("bank_import.id"), index=True)
    identity: Mapped[str] = mapped_column(String(64))
    booked_on: Mapped[date] = mapped_column(Date)
    value_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    references: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    counterparty_name: Mapped[str] = mapped_column(String(200))
    counterparty_account: Mapped[str] = mapped_column(String(40))
    bank_ref: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(60))
    returned: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[LineState] = mapped_column(enum_column(LineState))
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("bank_account_id", "identity"),
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_bank_line_waiting", "state", "id", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("ix_bank_line_account", "bank_account_id", "booked_on", "id"),
        Index("ix_bank_line_amount", "amount_minor", "id"),
    )

    @property
    def amount(self) -> Money:
        """What came in, or negative what went out."""
        return Money(self.amount_minor, self.currency)


class LineBooking(Base):
    """What a line, or a part of it, was booked as; `subject` names the payment, payout, refund or other line."""

    __tablename__ = "line_booking"

    id: Mapped[PrimaryKey]
    line_id: Mapped[int] = mapped_column(ForeignKey("bank_line.id"), index=True)
    booked_as: Mapped[BookedAs] = mapped_column(enum_column(BookedAs))
    subject: Mapped[str] = mapped_column(String(120))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    confidence: Mapped[str | None] = mapped_column(String(10))
    booked_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        Index("ix_line_booking_subject", "booked_as", "subject"),
        {"info": {APPEND_ONLY: True}},
    )


class UndoneBooking(Base):
    """A booking that was a mistake: it counts no longer, and its line is looked at again."""

    __tablename__ = "undone_booking"

    booking_id: Mapped[int] = mapped_column(ForeignKey("line_booking.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class PayerBankAccount(Base):
    """A bank account from which a customer has paid before, learned when staff identified a line."""

    __tablename__ = "payer_bank_account"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    bank_account: Mapped[str] = mapped_column(String(40), primary_key=True)
    learned_at: Mapped[Instant]

    __table_args__ = (Index("ix_payer_bank_account_number", "bank_account"),)


BANK_ACCOUNTS = Base.metadata.tables[BankAccount.__tablename__]
BANK_LINES = Base.metadata.tables[BankLine.__tablename__]
PAYER_BANK_ACCOUNTS = Base.metadata.tables[PayerBankAccount.__tablename__]
"""The tables themselves, for Core statements."""
