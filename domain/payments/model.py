"""Tables of payments: what each is for, attempts to have it collected, claims on invoices, and its changes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class PaymentMethod(StrEnum):
    """How the money comes."""

    CHECKOUT = "checkout"
    SAVED = "saved"
    AUTOMATIC = "automatic"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    CASH = "cash"
    IMPORTED = "imported"
    AGENT = "agent"


class PaymentStatus(StrEnum):
    """The stored states; refunded and charged back are amounts."""

    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


TRANSITIONS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.PENDING: frozenset(set(PaymentStatus) - {PaymentStatus.PENDING}),
    PaymentStatus.REQUIRES_ACTION: frozenset(
        set(PaymentStatus) - {PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION}
    ),
    PaymentStatus.PROCESSING: frozenset(
        {PaymentStatus.REQUIRES_ACTION, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELED}
    ),
    PaymentStatus.SUCCEEDED: frozenset(),
    PaymentStatus.FAILED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.CANCELED: frozenset({PaymentStatus.SUCCEEDED}),
}
"""Which state may follow which: a success always wins over our own failed or canceled."""

LIVE = frozenset({PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION, PaymentStatus.PROCESSING})
"""The states in which money may still come by itself."""

WAITING = frozenset({PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION})
"""The states in which a payment still needs somebody, or a further try."""

PAYMENT_NAMES = {
    PaymentStatus.PENDING: N_("Not finished"),
    PaymentStatus.REQUIRES_ACTION: N_("Waits for the customer"),
    PaymentStatus.PROCESSING: N_("On its way"),
    PaymentStatus.SUCCEEDED: N_("Succeeded"),
    PaymentStatus.FAILED: N_("Failed"),
    PaymentStatus.CANCELED: N_("Given up"),
}
"""What each state is called, apart from the customers' own pages, which say it to them."""


BY_PROCESSOR = frozenset({PaymentMethod.CHECKOUT, PaymentMethod.SAVED, PaymentMethod.AUTOMATIC})
"""The methods by which the processor takes the money: on its own page, from a saved method, or by itself."""
BY_HAND = frozenset({PaymentMethod.CHEQUE, PaymentMethod.TRANSFER, PaymentMethod.CASH})
"""The methods that staff record, or find on a bank statement."""
TOLD = BY_HAND | {PaymentMethod.AGENT}
"""The methods whose money we are told of, with the day on which it came, to us or to a partner that collects for us."""

SILENT = text(
    "method IN ('checkout', 'saved', 'automatic') AND (status IN ('pending', 'requires_action', 'processing')"
    " OR (status = 'succeeded' AND settled_at IS NULL))"
)
"""Payments of which the processor still owes us some word."""


NOT_BANKED = text("banked_on IS NULL")


class AttemptState(StrEnum):
    """What we know of one request to the processor."""

    PREPARED = "prepared"
    SENT = "sent"
    UNKNOWN = "unknown"
    ANSWERED = "answered"


class Payment(Base):
    """One receipt of money for one account, from the intention on.

    `recorded_at` says that the ledger has it, `settled_at` that the processor has told how it booked it, and
    `looked_at` when the worker last asked because it had told us nothing. `checkout_url` is where the payer goes on:
    the processor's page, or that of their bank; `checkout_expires_at` is how long we wait for them.
    """

    __tablename__ = "payment"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    method: Mapped[PaymentMethod] = mapped_column(enum_column(PaymentMethod))
    status: Mapped[PaymentStatus] = mapped_column(enum_column(PaymentStatus))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    created_at: Mapped[Instant]
    occurred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    effective_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_number: Mapped[str | None] = mapped_column(String(64), unique=True)
    means: Mapped[str | None] = mapped_column(String(80))
    failure: Mapped[str | None] = mapped_column(Text)
    checkout_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    checkout_url: Mapped[str | None] = mapped_column(Text)
    checkout_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    intent_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    charge_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    import_id: Mapped[int | None] = mapped_column(Key, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(status = 'succeeded') = (recorded_at IS NOT NULL)", name="recorded"),
        Index("ix_payment_account", "account_id", "id"),
        Index("ix_payment_status", "status", "id"),
        Index("ix_payment_method", "method", "created_at"),
        Index("ix_payment_amount", "amount_minor", "id"),
        Index("ix_payment_silent", "looked_at", postgresql_where=SILENT, sqlite_where=SILENT),
    )

    @property
    def amount(self) -> Money:
        """How much is, or is to be, received."""
        return Money(self.amount_minor, self.currency)


class PaymentLine(Base):
    """The payer's instruction: how much of the payment is for which invoice."""

    __tablename__ = "payment_line"

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("payment_id", "invoice_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )


class DiscountQuote(Base):
    """What was promised for one invoice of a payment: so much off where the payer confirms by the end of a day."""

    __tablename__ = "discount_quote"

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    discount_minor: Mapped[Minor]
    until_on: Mapped[date] = mapped_column(Date)
    version_id: Mapped[int] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("payment_id", "invoice_id"),
        CheckConstraint("discount_minor > 0", name="discount"),
        {"info": {APPEND_ONLY: True}},
    )


class PaymentAttempt(Base):
    """One request to the processor: the exact body is kept, so that a repeat under the same key is the same request.

    `only_look`: the processor has saved an error under this key, so that asking again never helps.
    """

    __tablename__ = "payment_attempt"

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    number: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(enum_column(AttemptState))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    prepared_at: Mapped[Instant]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(Text)
    only_look: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("payment_id", "number"),
        Index(
            "ix_payment_attempt_open",
            "prepared_at",
            postgresql_where=text("state <> 'answered'"),
            sqlite_where=text("state <> 'answered'"),
        ),
    )

    def key(self, public_id: str) -> str:
        """The idempotency key of this attempt of the payment `public_id`."""
        return f"pay:{public_id}:{self.number}"


class SavedAttempt(Base):
    """From which saved method an attempt takes the money, and the bank's own word for why it did not get it."""

    __tablename__ = "saved_attempt"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempt.id"), primary_key=True, autoincrement=False)
    saved_method_id: Mapped[int] = mapped_column(ForeignKey("saved_method.id"), index=True)
    failure_code: Mapped[str | None] = mapped_column(String(80))


class PaymentClaim(Base):
    """The reservation that somebody is paying this invoice right now: one live claim an invoice, by the database."""

    __tablename__ = "payment_claim"

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    claimed_at: Mapped[Instant]
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_payment_claim_live",
            "invoice_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
            sqlite_where=text("released_at IS NULL"),
        ),
    )


class PaymentChange(Base):
    """One change of a payment's state: who, when, why."""

    __tablename__ = "payment_change"

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    before: Mapped[PaymentStatus | None] = mapped_column(enum_column(PaymentStatus, name="before_status"))
    after: Mapped[PaymentStatus] = mapped_column(enum_column(PaymentStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class ProcessorCustomer(Base):
    """The processor's name for one of our accounts."""

    __tablename__ = "processor_customer"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[Instant]


class ReceiptSlip(Base):
    """What staff wrote down of a cheque, cash or a transfer; `banked_on` once it was seen at the bank."""

    __tablename__ = "receipt_slip"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True, autoincrement=False)
    received_on: Mapped[date] = mapped_column(Date)
    reference: Mapped[str | None] = mapped_column(String(140))
    note: Mapped[str | None] = mapped_column(Text)
    banked_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        Index("ix_receipt_slip_waiting", "payment_id", postgresql_where=NOT_BANKED, sqlite_where=NOT_BANKED),
    )


class PaymentReturn(Base):
    """A cheque or transfer that came back, or was never received; `banked_on` once the bank showed it."""

    __tablename__ = "payment_return"

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    returned_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Instant]
    banked_on: Mapped[date | None] = mapped_column(Date)
