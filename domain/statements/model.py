"""The table of issued statements: kept as they were sent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY


class Statement(Base):
    """One issued statement: its period, its balances, and the document that was made of it.

    `through_seq` is the last entry of the account's stream that it knows of: what comes later is news to the customer.
    """

    __tablename__ = "statement"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str] = mapped_column(String(64), unique=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    opening_minor: Mapped[int] = mapped_column(BigInteger)
    closing_minor: Mapped[int] = mapped_column(BigInteger)
    through_seq: Mapped[int] = mapped_column(Key)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    issued_at: Mapped[Instant]

    __table_args__ = (
        Index("ix_statement_account", "account_id", "last_day", "id"),
        {"info": {APPEND_ONLY: True}},
    )


STATEMENTS = Base.metadata.tables[Statement.__tablename__]
"""The table itself, for Core statements."""
