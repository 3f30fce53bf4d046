"""Tables of disputes: what is contested and why, every change of its state, and how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class DisputeStatus(StrEnum):
    """The stored states."""

    OPEN = "open"
    UNDER_REVIEW = "under_review"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


ARROWS: dict[DisputeStatus, frozenset[DisputeStatus]] = {
    DisputeStatus.OPEN: frozenset({DisputeStatus.UNDER_REVIEW, DisputeStatus.RESOLVED, DisputeStatus.WITHDRAWN}),
    DisputeStatus.UNDER_REVIEW: frozenset({DisputeStatus.RESOLVED, DisputeStatus.WITHDRAWN}),
    DisputeStatus.RESOLVED: frozenset(),
    DisputeStatus.WITHDRAWN: frozenset(),
}
"""Which state may follow which."""
LIVE = frozenset({DisputeStatus.OPEN, DisputeStatus.UNDER_REVIEW})
"""The states in which nothing is decided, and what is contested is left alone."""


class Outcome(StrEnum):
    """How a resolved dispute ended."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why an invoice is contested."""

    NOT_DELIVERED = "not_delivered"
    DAMAGED = "damaged"
    WRONG_PRICE = "wrong_price"
    WRONG_QUANTITY = "wrong_quantity"
    PAID_ALREADY = "paid_already"
    NOT_ORDERED = "not_ordered"
    DUPLICATE = "duplicate"
    OTHER = "other"


REASON_NAMES = {
    Reason.NOT_DELIVERED: N_("It was not delivered"),
    Reason.DAMAGED: N_("It came damaged or does not work"),
    Reason.WRONG_PRICE: N_("The price is not what we agreed"),
    Reason.WRONG_QUANTITY: N_("The quantity is wrong"),
    Reason.PAID_ALREADY: N_("It has been paid already"),
    Reason.NOT_ORDERED: N_("We did not order this"),
    Reason.DUPLICATE: N_("It was invoiced twice"),
    Reason.OTHER: N_("Something else"),
}
"""What each reason is called, in the customer's words."""


class Dispute(Base):
    """One invoice, or `amount_minor` of it, contested; `number` is what people quote."""

    __tablename__ = "dispute"

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    words: Mapped[str] = mapped_column(Text)
    status: Mapped[DisputeStatus] = mapped_column(enum_column(DisputeStatus))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    answer: Mapped[str | None] = mapped_column(Text)
    credited_minor: Mapped[Minor | None]
    raised_at: Mapped[Instant]
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(status = 'resolved') = (outcome IS NOT NULL)", name="resolved"),
        CheckConstraint("(status IN ('resolved', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_dispute_account", "account_id", "id"),
        Index("ix_dispute_status", "status", "id"),
    )

    @property
    def amount(self) -> Money:
        """How much is contested."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How the stop that it writes names it."""
        return f"dispute:{self.id}"


class DisputeChange(Base):
    """One change of a dispute's state: who, when, why."""

    __tablename__ = "dispute_change"

    id: Mapped[PrimaryKey]
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    before: Mapped[DisputeStatus | None] = mapped_column(enum_column(DisputeStatus, name="before_status"))
    after: Mapped[DisputeStatus] = mapped_column(enum_column(DisputeStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
