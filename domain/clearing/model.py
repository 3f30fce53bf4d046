"""Tables of what the processor did with our money: movements of our balance, payouts, and how far we have looked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.payments.snapshots import ObjectKind, PayoutState
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.money import Money


class BalanceTransaction(Base):
    """One movement of our balance at the processor, as it reported it; `net_minor` = amount less fee."""

    __tablename__ = "balance_transaction"

    id: Mapped[PrimaryKey]
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    category: Mapped[str] = mapped_column(String(60))
    source_ref: Mapped[str | None] = mapped_column(String(120))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    available_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("net_minor = amount_minor - fee_minor", name="net"),
        Index("ix_balance_transaction_created", "created_at", "id"),
        Index("ix_balance_transaction_source", "source_ref"),
        {"info": {APPEND_ONLY: True}},
    )


class Payout(Base):
    """Money that the processor sends to our bank (negative: fetches from it), as we last saw it there.

    `arrived_on` says that the ledger has it at the bank, until `undone_at`; `tied_at` that everything the processor
    named in it adds up to it.
    """

    __tablename__ = "payout"

    id: Mapped[PrimaryKey]
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[PayoutState] = mapped_column(enum_column(PayoutState))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    automatic: Mapped[bool]
    complete: Mapped[bool]
    created_at: Mapped[Instant]
    arrives_on: Mapped[date] = mapped_column(Date)
    failure: Mapped[str | None] = mapped_column(Text)
    movement_ref: Mapped[str | None] = mapped_column(String(120))
    reversal_ref: Mapped[str | None] = mapped_column(String(120))
    arrived_on: Mapped[date | None] = mapped_column(Date)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("undone_at IS NULL OR arrived_on IS NOT NULL", name="undone"),
        Index("ix_payout_state", "state", "id"),
        Index("ix_payout_created", "created_at", "id"),
    )

    @property
    def amount(self) -> Money:
        """What should arrive."""
        return Money(self.amount_minor, self.currency)


class PayoutChange(Base):
    """One change of a payout's state: who, when, why."""

    __tablename__ = "payout_change"

    id: Mapped[PrimaryKey]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    before: Mapped[PayoutState | None] = mapped_column(enum_column(PayoutState, name="before_state"))
    after: Mapped[PayoutState] = mapped_column(enum_column(PayoutState, name="after_state"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class PayoutItem(Base):
    """One movement that the processor names as part of an automatic payout, net of its fee."""

    __tablename__ = "payout_item"

    id: Mapped[PrimaryKey]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    external_id: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(60))
    net_minor: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (UniqueConstraint("payout_id", "external_id"), {"info": {APPEND_ONLY: True}})


class MovementExplanation(Base):
    """What staff decided of a movement that no rule could place: where it belongs, and why.

    `payment_id` where it was taken as a payment of one of our accounts.
    """

    __tablename__ = "movement_explanation"

    id: Mapped[PrimaryKey]
    balance_transaction_id: Mapped[int] = mapped_column(ForeignKey("balance_transaction.id"), unique=True)
    ledger_account: Mapped[str] = mapped_column(String(40))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class BackfillBookmark(Base):
    """Up to which moment everything of one kind at the processor has been seen here, without any event."""

    __tablename__ = "backfill_bookmark"

    kind: Mapped[ObjectKind] = mapped_column(enum_column(ObjectKind), primary_key=True)
    seen_until: Mapped[Instant]
    walked_at: Mapped[Instant]


class ReportedDay(Base):
    """What the processor reported, when it was asked, of one day in one currency: the net of all its movements."""

    __tablename__ = "reported_day"

    id: Mapped[PrimaryKey]
    day: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    net_minor: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[Instant]

    __table_args__ = (Index("ix_reported_day_day", "day", "currency", "id"), {"info": {APPEND_ONLY: True}})


class TieOutRun(Base):
    """One time that the processor was asked whether all adds up: by whom, until when, and whether it answered."""

    __tablename__ = "tie_out_run"

    id: Mapped[PrimaryKey]
    asked_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered: Mapped[bool | None]

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (answered IS NULL)", name="ended"),
        Index("ix_tie_out_run_answered", "answered", "id"),
    )


BALANCE_TRANSACTIONS = Base.metadata.tables["balance_transaction"]
PAYOUTS = Base.metadata.tables["payout"]
PAYOUT_ITEMS = Base.metadata.tables["payout_item"]
EXPLANATIONS = Base.metadata.tables["movement_explanation"]
BOOKMARKS = Base.metadata.tables["backfill_bookmark"]
REPORTED_DAYS = Base.metadata.tables["reported_day"]
