"""Tables of refunds: what each was taken from and how it goes back, the one request for it, and its changes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.ledger.chart import LedgerAccount
from domain.payments.model import AttemptState
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.money import Money


class RefundSource(StrEnum):
    """What the money that goes back is taken from."""

    CREDIT = "credit"
    CREDIT_NOTE = "credit_note"
    REVERSAL = "reversal"
    UNEXPLAINED = "unexplained"


class RefundWay(StrEnum):
    """How the money goes back: through the processor to where it came from, or from our bank."""

    PROCESSOR = "processor"
    BANK = "bank"


class RefundStatus(StrEnum):
    """The stored states."""

    REQUESTED = "requested"
    AWAITING_APPROVAL = "awaiting_approval"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    REFUSED = "refused"


_AT_WORK = frozenset(
    {
        RefundStatus.PENDING,
        RefundStatus.REQUIRES_ACTION,
        RefundStatus.SUCCEEDED,
        RefundStatus.FAILED,
        RefundStatus.CANCELED,
    }
)

TRANSITIONS: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.REQUESTED: _AT_WORK | {RefundStatus.AWAITING_APPROVAL},
    RefundStatus.AWAITING_APPROVAL: frozenset({RefundStatus.PENDING, RefundStatus.REFUSED}),
    RefundStatus.PENDING: _AT_WORK - {RefundStatus.PENDING},
    RefundStatus.REQUIRES_ACTION: _AT_WORK - {RefundStatus.REQUIRES_ACTION},
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
    RefundStatus.CANCELED: frozenset(),
    RefundStatus.REFUSED: frozenset(),
}
"""Which state may follow which: a bank can send back even what had arrived."""

ENDED = frozenset({RefundStatus.FAILED, RefundStatus.CANCELED, RefundStatus.REFUSED})
"""The states in which nothing goes back to the customer (any more)."""
UNFINISHED = text(
    "refund_ref IS NOT NULL"
    " AND (status IN ('pending', 'requires_action') OR (status = 'succeeded' AND moved_at IS NULL))"
)
"""Which refunds the processor has, and still owes us some word of: a condition and an index, so alike to the letter."""


class Refund(Base):
    """Money of one payment that goes back to the customer.

    `outside`: somebody made it at the processor, not here. `sent_at` says since when the processor or the bank has it,
    `moved_at` and `moved_back_at` that the books show the money leave our balance, and come back to it.
    """

    __tablename__ = "refund"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    source: Mapped[RefundSource] = mapped_column(enum_column(RefundSource))
    way: Mapped[RefundWay] = mapped_column(enum_column(RefundWay))
    outside: Mapped[bool]
    status: Mapped[RefundStatus] = mapped_column(enum_column(RefundStatus))
    reason: Mapped[str | None] = mapped_column(Text)
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("credit_note.id"))
    requested_at: Mapped[Instant]
    requested_by: Mapped[int | None] = mapped_column(Key)
    decided_by: Mapped[int | None] = mapped_column(Key)
    refund_ref: Mapped[str | None] = mapped_column(String(120), unique=True)
    failure: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("outside OR source <> 'unexplained'", name="explained"),
        Index("ix_refund_account", "account_id", "id"),
        Index("ix_refund_status", "status", "id"),
        Index("ix_refund_unfinished", "id", postgresql_where=UNFINISHED, sqlite_where=UNFINISHED),
    )

    @property
    def amount(self) -> Money:
        """How much goes back, in the payment's currency."""
        return Money(self.amount_minor, self.currency)

    @property
    def name(self) -> str:
        """Its name in the ledger, among withdrawals, and as an idempotency key at the processor."""
        return f"refund:{self.public_id}"

    @property
    def passes_through(self) -> LedgerAccount:
        """The ledger account between the customer's account and the processor's balance or the bank."""
        return LedgerAccount.REFUNDS_TO_EXPLAIN if self.outside else LedgerAccount.REFUNDS_IN_TRANSIT


class RefundPayee(Base):
    """To whom, and to which bank account, a refund is paid from our bank, as staff wrote it; the latest counts."""

    __tablename__ = "refund_payee"

    id: Mapped[PrimaryKey]
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    bank_account: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class RefundAttempt(Base):
    """The one request to the processor for a refund: its exact body, so that a repeat is the same request.

    `only_look`: the processor has saved an error under the key, so that asking again never helps.
    """

    __tablename__ = "refund_attempt"

    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), primary_key=True, autoincrement=False)
    state: Mapped[AttemptState] = mapped_column(enum_column(AttemptState))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    sent_at: Mapped[Instant]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(Text)
    only_look: Mapped[bool]


class RefundChange(Base):
    """One change of a refund's state: who, when, why."""

    __tablename__ = "refund_change"

    id: Mapped[PrimaryKey]
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    before: Mapped[RefundStatus | None] = mapped_column(enum_column(RefundStatus, name="before_status"))
    after: Mapped[RefundStatus] = mapped_column(enum_column(RefundStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
