"""Tables of late charges: what each paper charged, corrected or waived, by which working, and which days were done."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.money import Money


class ChargeKind(StrEnum):
    """What is charged on top of an overdue invoice."""

    INTEREST = "interest"
    RECOVERY_COST = "recovery_cost"


class ChargeAct(StrEnum):
    """Charged by a debit note; corrected by a credit note of it, because more is known; or waived by one."""

    CHARGED = "charged"
    CORRECTED = "corrected"
    WAIVED = "waived"


CHARGED_INTEREST = text("act = 'charged' AND kind = 'interest'")
CHARGED_COST = text("act = 'charged' AND kind = 'recovery_cost'")


class LateCharge(Base):
    """One paper of a late charge: its debit note, and the credit note where it took something back.

    `amount_minor` is what it changed, negative where it took back. `through_on` is the last day that was reckoned;
    `accrued_minor` is what had accrued through it as known then, and `working` its rows. A waiver has no working.
    """

    __tablename__ = "late_charge"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    debit_note_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("credit_note.id"), unique=True)
    kind: Mapped[ChargeKind] = mapped_column(enum_column(ChargeKind))
    act: Mapped[ChargeAct] = mapped_column(enum_column(ChargeAct))
    version_id: Mapped[int] = mapped_column(Key)
    through_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    accrued_minor: Mapped[int | None] = mapped_column(BigInteger)
    working: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("(act = 'charged') = (credit_note_id IS NULL)", name="paper"),
        CheckConstraint("(act = 'charged') = (amount_minor > 0) AND amount_minor <> 0", name="amount"),
        Index(
            "uq_late_charge_day",
            "invoice_id",
            "through_on",
            unique=True,
            postgresql_where=CHARGED_INTEREST,
            sqlite_where=CHARGED_INTEREST,
        ),
        Index(
            "uq_late_charge_cost",
            "invoice_id",
            unique=True,
            postgresql_where=CHARGED_COST,
            sqlite_where=CHARGED_COST,
        ),
        Index("ix_late_charge_invoice", "invoice_id", "id"),
        Index("ix_late_charge_account", "account_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def amount(self) -> Money:
        """What it added to what is owed; negative where it took something back."""
        return Money(self.amount_minor, self.currency)


class LateChargeDay(Base):
    """A day whose charges were made: when that began first, and when all accounts had had their turn."""

    __tablename__ = "late_charge_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    began_at: Mapped[Instant]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
