"""Tables of promises to pay: what was promised by when, of which invoices, and every change of their state."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class PromiseStatus(StrEnum):
    """The stored states; due and overdue are derived."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


ARROWS: dict[PromiseStatus, frozenset[PromiseStatus]] = {
    PromiseStatus.OPEN: frozenset(PromiseStatus) - {PromiseStatus.OPEN},
    PromiseStatus.KEPT: frozenset({PromiseStatus.BROKEN}),
    PromiseStatus.BROKEN: frozenset({PromiseStatus.KEPT}),
    PromiseStatus.WITHDRAWN: frozenset(),
    PromiseStatus.REPLACED: frozenset(),
}
"""Which state may follow which: money can be entered late, and can bounce."""
JUDGED = frozenset({PromiseStatus.KEPT, PromiseStatus.BROKEN})
"""The states that say whether the customer kept their word."""
PROMISE_NAMES = {
    PromiseStatus.OPEN: N_("Promised"),
    PromiseStatus.KEPT: N_("Kept"),
    PromiseStatus.BROKEN: N_("Not kept"),
    PromiseStatus.WITHDRAWN: N_("Promise withdrawn"),
    PromiseStatus.REPLACED: N_("Replaced by a new promise"),
}
"""What each state is called, wherever it is told."""


class PromiseToPay(Base):
    """`amount_minor` that the customer will pay by the end of `promised_on` in their own time zone.

    `made_after_id` is the account's last allocation when it was made, `judged_upto_id` the last one that it was held
    against: only later ones fulfil it, or have not been looked at.
    """

    __tablename__ = "promise_to_pay"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    promised_on: Mapped[date] = mapped_column(Date)
    status: Mapped[PromiseStatus] = mapped_column(enum_column(PromiseStatus))
    words: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    made_after_id: Mapped[int] = mapped_column(Key)
    judged_upto_id: Mapped[int] = mapped_column(Key)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended"),
        Index("ix_promise_to_pay_account", "account_id", "id"),
        Index("ix_promise_to_pay_status", "status", "promised_on", "id"),
    )

    @property
    def amount(self) -> Money:
        """How much was promised."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How the stops that it writes name it."""
        return f"promise:{self.id}"


class PromisePart(Base):
    """How much of one invoice a promise is about."""

    __tablename__ = "promise_part"

    id: Mapped[PrimaryKey]
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise_to_pay.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("promise_id", "invoice_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )


class PromiseChange(Base):
    """One change of a promise's state: who, when, why."""

    __tablename__ = "promise_change"

    id: Mapped[PrimaryKey]
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise_to_pay.id"), index=True)
    before: Mapped[PromiseStatus | None] = mapped_column(enum_column(PromiseStatus, name="before_status"))
    after: Mapped[PromiseStatus] = mapped_column(enum_column(PromiseStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
