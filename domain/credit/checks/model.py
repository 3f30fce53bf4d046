"""The table of credit checks: what somebody said of a customer's creditworthiness, as of a day, until a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY


class CreditCheck(Base):
    """One look: a score from 0 (worst) to 100, a limit that was recommended, a rating in words, and the raw file."""

    __tablename__ = "credit_check"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    provider: Mapped[str] = mapped_column(String(60))
    score: Mapped[int | None]
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[CurrencyCode]
    rating: Mapped[str | None] = mapped_column(String(200))
    as_of: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    checked_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("limit_minor >= 0", name="limit_minor"),
        CheckConstraint("expires_on >= as_of", name="expires_on"),
        Index("ix_credit_check_account", "account_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )


CHECKS = Base.metadata.tables[CreditCheck.__tablename__]
"""The table itself, for Core statements."""
