"""Tables of rounds: who pays for several accounts in one sitting, which accounts, and what of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Minor, PrimaryKey, UtcDateTime
from domain.shared.db.guards import APPEND_ONLY

NOT_CLOSED = text("closed_at IS NULL")


class PaymentRound(Base):
    """A list of accounts that somebody pays one after another; `closed_at` once they began another list."""

    __tablename__ = "payment_round"

    id: Mapped[PrimaryKey]
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    created_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_payment_round_open", "login_id", unique=True, postgresql_where=NOT_CLOSED, sqlite_where=NOT_CLOSED),
    )


class PaymentRoundItem(Base):
    """One account of a round; `payment_id` is its latest payment, from whose state the item's own follows."""

    __tablename__ = "payment_round_item"

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("payment_round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    skipped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("round_id", "account_id"),)


class PaymentRoundLine(Base):
    """How much of which invoice the payment of an item is meant for."""

    __tablename__ = "payment_round_line"

    id: Mapped[PrimaryKey]
    item_id: Mapped[int] = mapped_column(ForeignKey("payment_round_item.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    amount_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("item_id", "invoice_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )
