"""Tables of what the processor did with our money: every movement of our balance there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY


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


BALANCE_TRANSACTIONS = Base.metadata.tables["balance_transaction"]
