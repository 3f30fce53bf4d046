"""Tables of insolvencies: the proceedings about a debtor, what was claimed in them, and the dividends that came."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class ProceedingKind(StrEnum):
    """What sort of proceeding it is; each country has its own words."""

    BANKRUPTCY = "bankruptcy"
    LIQUIDATION = "liquidation"
    ADMINISTRATION = "administration"
    ARRANGEMENT = "arrangement"
    DEBT_RELIEF = "debt_relief"
    OTHER = "other"


PROCEEDING_NAMES = {
    ProceedingKind.BANKRUPTCY: N_("Bankruptcy"),
    ProceedingKind.LIQUIDATION: N_("Liquidation or winding-up"),
    ProceedingKind.ADMINISTRATION: N_("Administration or reorganisation"),
    ProceedingKind.ARRANGEMENT: N_("Arrangement with creditors"),
    ProceedingKind.DEBT_RELIEF: N_("Debt relief order"),
    ProceedingKind.OTHER: N_("Another proceeding"),
}
"""What each kind is called on the screen."""


class InsolvencyOutcome(StrEnum):
    """How a proceeding ended."""

    DISTRIBUTED = "distributed"
    NO_ASSETS = "no_assets"
    DISCHARGED = "discharged"
    DISMISSED = "dismissed"


OUTCOME_NAMES = {
    InsolvencyOutcome.DISTRIBUTED: N_("What there was has been paid out"),
    InsolvencyOutcome.NO_ASSETS: N_("There was nothing to pay out"),
    InsolvencyOutcome.DISCHARGED: N_("The debtor was discharged"),
    InsolvencyOutcome.DISMISSED: N_("Dismissed: the debtor is not insolvent"),
}
"""What each end is called on the screen."""

OPEN = text("closed_on IS NULL")


class Insolvency(Base):
    """A proceeding about the debtor of an account, from `started_on` on; one open at a time.

    `proof_due_on` is the last day on which claims are taken, where it is known.
    """

    __tablename__ = "insolvency"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[ProceedingKind] = mapped_column(enum_column(ProceedingKind))
    court: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(80))
    practitioner: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    started_on: Mapped[date] = mapped_column(Date)
    proof_due_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[InsolvencyOutcome | None] = mapped_column(enum_column(InsolvencyOutcome))
    closed_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (closed_on IS NULL)", name="outcome_told"),
        CheckConstraint("(closed_on IS NULL) = (ended_at IS NULL)", name="ended"),
        Index("uq_insolvency_open", "account_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_insolvency_account", "account_id", "id"),
    )

    @property
    def source(self) -> str:
        """How the stop that it writes names it."""
        return f"insolvency:{self.id}"


class ProofOfClaim(Base):
    """What we claimed in a proceeding, as of its first day; a later one takes the place of an earlier one.

    `computed_minor` is what the books said in all; where we claim something else, `reason` says why.
    """

    __tablename__ = "proof_of_claim"

    id: Mapped[PrimaryKey]
    insolvency_id: Mapped[int] = mapped_column(ForeignKey("insolvency.id"))
    number: Mapped[int]
    currency: Mapped[CurrencyCode]
    principal_minor: Mapped[Minor]
    interest_minor: Mapped[Minor]
    costs_minor: Mapped[Minor]
    computed_minor: Mapped[Minor]
    reason: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    filed_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("insolvency_id", "number"),
        CheckConstraint("principal_minor >= 0 AND interest_minor >= 0 AND costs_minor >= 0", name="amounts"),
        CheckConstraint(
            "principal_minor + interest_minor + costs_minor = computed_minor OR reason IS NOT NULL", name="explained"
        ),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def total(self) -> Money:
        """All that was claimed."""
        return Money(self.principal_minor + self.interest_minor + self.costs_minor, self.currency)


class ProvedInvoice(Base):
    """What of one invoice a claim is about, by the books of the first day; its debit notes count with it."""

    __tablename__ = "proof_of_claim_invoice"

    id: Mapped[PrimaryKey]
    proof_id: Mapped[int] = mapped_column(ForeignKey("proof_of_claim.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    principal_minor: Mapped[Minor]
    interest_minor: Mapped[Minor]
    costs_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("proof_id", "invoice_id"),
        CheckConstraint("principal_minor >= 0 AND interest_minor >= 0 AND costs_minor >= 0", name="amounts"),
        {"info": {APPEND_ONLY: True}},
    )


class ClaimDecision(Base):
    """How much of a claim was admitted, by whom it was told, and why the rest was not."""

    __tablename__ = "claim_decision"

    id: Mapped[PrimaryKey]
    proof_id: Mapped[int] = mapped_column(ForeignKey("proof_of_claim.id"), index=True)
    admitted_minor: Mapped[Minor]
    decided_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("admitted_minor >= 0", name="admitted"),
        {"info": {APPEND_ONLY: True}},
    )


class Dividend(Base):
    """What a proceeding pays on our claim: declared in minor units, and the payment once it came.

    `per_million` is the rate: so many millionths of what was admitted (12.5 pence in the pound is 125 000); empty where
    we were told an amount alone. What was declared by mistake is withdrawn.
    """

    __tablename__ = "insolvency_dividend"

    id: Mapped[PrimaryKey]
    insolvency_id: Mapped[int] = mapped_column(ForeignKey("insolvency.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    per_million: Mapped[int | None]
    declared_on: Mapped[date] = mapped_column(Date)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    recorded_at: Mapped[Instant]

    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("per_million IS NULL OR (per_million > 0 AND per_million <= 1000000)", name="rate"),
        CheckConstraint("payment_id IS NULL OR withdrawn_at IS NULL", name="came_or_withdrawn"),
    )

    @property
    def amount(self) -> Money:
        """What it pays on our claim."""
        return Money(self.amount_minor, self.currency)
