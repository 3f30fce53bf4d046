"""Tables of applications for credit: what was typed, what was sent, who vouches for them, and what was decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.accounts.model import LegalForm
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class ApplicationState(StrEnum):
    """How far an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEW = "review"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    ApplicationState.DRAFT: N_("Not sent yet"),
    ApplicationState.SUBMITTED: N_("We are looking into it"),
    ApplicationState.REVIEW: N_("A second person is looking into it"),
    ApplicationState.APPROVED: N_("Approved"),
    ApplicationState.REFUSED: N_("Refused"),
    ApplicationState.WITHDRAWN: N_("Withdrawn"),
}
"""What each state is called, to customers too."""

UNDER_WAY = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.REVIEW)
"""The states before the end; an account has at most one application in them."""
LIVE = "state IN ('draft', 'submitted', 'review')"


class CreditApplication(Base):
    """One application: `typed` is all that stood in the form, field by field; the columns are what was sent."""

    __tablename__ = "credit_application"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState))
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_at: Mapped[Instant]
    saved_at: Mapped[Instant]
    legal_name: Mapped[str | None] = mapped_column(String(200))
    legal_form: Mapped[LegalForm | None] = mapped_column(enum_column(LegalForm, name="legal_form"))
    country: Mapped[str | None] = mapped_column(String(2))
    company_number: Mapped[str | None] = mapped_column(String(40))
    company_number_checked: Mapped[bool | None]
    tax_number: Mapped[str | None] = mapped_column(String(40))
    tax_number_checked: Mapped[bool | None]
    trading_since: Mapped[int | None]
    currency: Mapped[CurrencyCode]
    wanted_minor: Mapped[int | None] = mapped_column(BigInteger)
    purpose: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def number(self) -> str:
        """By what the customer and staff speak of it."""
        return f"APP-{self.id:06}"

    __table_args__ = (
        Index(
            "uq_credit_application_live",
            "account_id",
            unique=True,
            postgresql_where=text(LIVE),
            sqlite_where=text(LIVE),
        ),
        Index("ix_credit_application_state", "state", "id"),
        CheckConstraint("wanted_minor > 0", name="wanted_minor"),
    )


class Answer(StrEnum):
    """What a trade reference said of the applicant."""

    GOOD = "good"
    BAD = "bad"
    NONE = "none"


ANSWER_WORDS = {
    Answer.GOOD: N_("Pays as agreed"),
    Answer.BAD: N_("Does not pay as agreed"),
    Answer.NONE: N_("Did not answer"),
}
"""What each answer is called on the screen."""


class TradeReference(Base):
    """Another supplier who knows how the applicant pays; staff ask them and write down what they say."""

    __tablename__ = "trade_reference"

    id: Mapped[PrimaryKey]
    application_id: Mapped[int] = mapped_column(ForeignKey("credit_application.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(254))
    answer: Mapped[Answer | None] = mapped_column(enum_column(Answer))
    note: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (UniqueConstraint("application_id", "position"),)


class Outcome(StrEnum):
    """What somebody decided."""

    APPROVE = "approve"
    REFUSE = "refuse"
    LOOK_AGAIN = "look_again"


class CreditDecision(Base):
    """What a person decided on an application and why; a refusal of a person counts once a second person agrees.

    `reasons` are told to the customer. `working` is the proposal of that moment, row by row. `counts`: the application
    ended with this one.
    """

    __tablename__ = "credit_decision"

    id: Mapped[PrimaryKey]
    application_id: Mapped[int] = mapped_column(ForeignKey("credit_application.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome, name="credit_outcome"))
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    terms_days: Mapped[int | None]
    reasons: Mapped[str] = mapped_column(Text)
    working: Mapped[dict[str, Any]] = mapped_column(JSON)
    counts: Mapped[bool]
    decided_at: Mapped[Instant]
    staff_id: Mapped[int] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


APPLICATIONS = Base.metadata.tables[CreditApplication.__tablename__]
REFERENCES = Base.metadata.tables[TradeReference.__tablename__]
DECISIONS = Base.metadata.tables[CreditDecision.__tablename__]
"""The tables themselves, for Core statements."""
