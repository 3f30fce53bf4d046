"""Tables of legal cases: what is claimed before which court, what was decided, and the steps to have it paid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class CaseStatus(StrEnum):
    """The stored states."""

    PREPARED = "prepared"
    FILED = "filed"
    JUDGMENT = "judgment"
    ENFORCING = "enforcing"
    CLOSED = "closed"


_C = CaseStatus
ARROWS: dict[CaseStatus, frozenset[CaseStatus]] = {
    _C.PREPARED: frozenset({_C.FILED, _C.CLOSED}),
    _C.FILED: frozenset({_C.JUDGMENT, _C.CLOSED}),
    _C.JUDGMENT: frozenset({_C.ENFORCING, _C.CLOSED}),
    _C.ENFORCING: frozenset({_C.CLOSED}),
    _C.CLOSED: frozenset({_C.PREPARED, _C.FILED, _C.JUDGMENT, _C.ENFORCING}),
}
"""Which state may follow which; what was closed as paid is where it was again where the payment goes back."""
BEFORE_COURT = frozenset({_C.FILED, _C.JUDGMENT, _C.ENFORCING})
"""A court has it, or has decided it: we remind nobody of it, and the terms bear no interest on it."""
JUDGED = frozenset({_C.JUDGMENT, _C.ENFORCING})
"""The judgment bears its own interest."""

CASE_NAMES = {
    _C.PREPARED: N_("Being prepared"),
    _C.FILED: N_("Before the court"),
    _C.JUDGMENT: N_("Decided for us"),
    _C.ENFORCING: N_("Being enforced"),
    _C.CLOSED: N_("Closed"),
}
"""What each state is called on the screen."""


class CaseOutcome(StrEnum):
    """How a case ended."""

    PAID = "paid"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    UNENFORCEABLE = "unenforceable"


CASE_OUTCOMES = {
    CaseOutcome.PAID: N_("Nothing is open any more"),
    CaseOutcome.SETTLED: N_("Settled"),
    CaseOutcome.WITHDRAWN: N_("Withdrawn by us"),
    CaseOutcome.LOST: N_("Decided against us"),
    CaseOutcome.UNENFORCEABLE: N_("Could not be enforced"),
}
"""What each end is called on the screen."""


class LegalCase(Base):
    """A claim about invoices of one account before a court. `rate_bp` is the yearly simple interest on a judgment.

    `placement_id` where an attorney brings it for us.
    """

    __tablename__ = "legal_case"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    status: Mapped[CaseStatus] = mapped_column(enum_column(CaseStatus))
    court: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(80))
    jurisdiction: Mapped[str | None] = mapped_column(String(6))
    currency: Mapped[CurrencyCode]
    claimed_minor: Mapped[Minor]
    filed_on: Mapped[date | None] = mapped_column(Date)
    judgment_on: Mapped[date | None] = mapped_column(Date)
    judgment_minor: Mapped[Minor | None]
    costs_minor: Mapped[Minor | None]
    rate_bp: Mapped[int | None]
    outcome: Mapped[CaseOutcome | None] = mapped_column(enum_column(CaseOutcome))
    note: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("claimed_minor > 0", name="claimed"),
        CheckConstraint(
            "(judgment_on IS NULL) = (judgment_minor IS NULL) AND (judgment_on IS NULL) = (rate_bp IS NULL)",
            name="decided",
        ),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="ended"),
        Index("ix_legal_case_account", "account_id", "id"),
        Index("ix_legal_case_status", "status", "id"),
    )

    @property
    def claimed(self) -> Money:
        """What we claimed."""
        return Money(self.claimed_minor, self.currency)

    @property
    def source(self) -> str:
        """How stops and acts of the limitation clock name it."""
        return f"legal_case:{self.id}"

    @property
    def judgment(self) -> Money | None:
        """What the court gave us, without costs; None before it has decided."""
        return None if self.judgment_minor is None else Money(self.judgment_minor, self.currency)


class CaseInvoice(Base):
    """An invoice that a case is about, and what was open of it when the case was opened."""

    __tablename__ = "legal_case_invoice"

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    claimed_minor: Mapped[Minor]

    __table_args__ = (UniqueConstraint("case_id", "invoice_id"), {"info": {APPEND_ONLY: True}})


class CaseNote(Base):
    """A debit note that a case has brought: costs that were awarded, or interest on the judgment through a day."""

    __tablename__ = "legal_case_note"

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), unique=True)
    through_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("case_id", "through_on"), {"info": {APPEND_ONLY: True}})


class CourtCost(Base):
    """What we paid from our bank for a case: a court's fee, an officer, an expert."""

    __tablename__ = "court_cost"

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    paid_on: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"), {"info": {APPEND_ONLY: True}})

    @property
    def amount(self) -> Money:
        """How much it was."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How its entry names it."""
        return f"court_cost:{self.id}"


class CaseChange(Base):
    """One change of a case's state: who, when, why."""

    __tablename__ = "legal_case_change"

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"), index=True)
    before: Mapped[CaseStatus | None] = mapped_column(enum_column(CaseStatus, name="before_status"))
    after: Mapped[CaseStatus] = mapped_column(enum_column(CaseStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class StepKind(StrEnum):
    """What is to be done, or was, in a case."""

    RESPONSE = "response"
    HEARING = "hearing"
    PAPERS = "papers"
    APPEAL = "appeal"
    BAILIFF = "bailiff"
    WAGES = "wages"
    ACCOUNT = "account"
    PROPERTY = "property"
    INFORMATION = "information"
    OTHER = "other"


STEP_NAMES = {
    StepKind.RESPONSE: N_("Response to the court"),
    StepKind.HEARING: N_("Hearing"),
    StepKind.PAPERS: N_("Papers to be filed"),
    StepKind.APPEAL: N_("Appeal"),
    StepKind.BAILIFF: N_("Enforcement officer"),
    StepKind.WAGES: N_("Attachment of earnings"),
    StepKind.ACCOUNT: N_("Attachment of a bank account or of what others owe"),
    StepKind.PROPERTY: N_("Charge on property"),
    StepKind.INFORMATION: N_("Order to give information"),
    StepKind.OTHER: N_("Something else"),
}
"""What each is called on the screen."""


class LegalStep(Base):
    """Something that is to be done in a case by `due_on`, and what came of it."""

    __tablename__ = "legal_step"

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(enum_column(StepKind))
    what: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    came_of_it: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("(done_on IS NULL) = (came_of_it IS NULL)", name="done"),
        Index("ix_legal_step_due", "done_on", "due_on", "id"),
    )
