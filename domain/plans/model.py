"""Tables of payment plans: what was proposed by whom, what was signed, its parts, and every change of its state."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.plans.coverage import Extra
from domain.plans.messages import PlanNews
from domain.policies.sections import PlanInterest
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class PlanStatus(StrEnum):
    """The stored states; late, at risk and in grace are derived."""

    REQUESTED = "requested"
    COUNTERED = "countered"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


_P = PlanStatus
_TALK_ENDS = frozenset({_P.DECLINED, _P.WITHDRAWN, _P.EXPIRED})
ARROWS: dict[PlanStatus, frozenset[PlanStatus]] = {
    _P.REQUESTED: frozenset({_P.COUNTERED, _P.OFFERED}) | _TALK_ENDS,
    _P.COUNTERED: frozenset({_P.REQUESTED, _P.COUNTERED, _P.OFFERED}) | _TALK_ENDS,
    _P.OFFERED: frozenset({_P.REQUESTED, _P.COUNTERED, _P.ACCEPTED}) | _TALK_ENDS,
    _P.ACCEPTED: frozenset({_P.ACTIVE, _P.EXPIRED, _P.WITHDRAWN, _P.CANCELLED}),
    _P.ACTIVE: frozenset({_P.PAUSED, _P.COMPLETED, _P.DEFAULTED, _P.CANCELLED, _P.SUPERSEDED}),
    _P.PAUSED: frozenset({_P.ACTIVE, _P.COMPLETED, _P.CANCELLED, _P.SUPERSEDED}),
    _P.COMPLETED: frozenset({_P.ACTIVE}),
    _P.DEFAULTED: frozenset({_P.COMPLETED}),
    _P.DECLINED: frozenset(),
    _P.WITHDRAWN: frozenset(),
    _P.EXPIRED: frozenset(),
    _P.CANCELLED: frozenset(),
    _P.SUPERSEDED: frozenset(),
}
"""Which state may follow which."""

TALKING = frozenset({_P.REQUESTED, _P.COUNTERED, _P.OFFERED})
"""Nothing is signed yet."""
RUNNING = frozenset({_P.ACTIVE, _P.PAUSED})
"""Instalments fall due, or would."""
SIGNED = RUNNING | {_P.ACCEPTED}
"""It protects its invoices: no reminders, no full sum asked for."""

ENDED_EARLY = frozenset({_P.CANCELLED, _P.SUPERSEDED})
"""It was ended before it was kept: what comes for its invoices afterwards is none of its own."""

PLAN_NAMES = {
    _P.REQUESTED: N_("Asked for"),
    _P.COUNTERED: N_("Counter-offer"),
    _P.OFFERED: N_("To be signed"),
    _P.ACCEPTED: N_("Signed, about to start"),
    _P.ACTIVE: N_("Running"),
    _P.PAUSED: N_("Paused"),
    _P.COMPLETED: N_("Completed"),
    _P.DECLINED: N_("Declined"),
    _P.WITHDRAWN: N_("Withdrawn"),
    _P.EXPIRED: N_("Expired"),
    _P.DEFAULTED: N_("Defaulted"),
    _P.CANCELLED: N_("Cancelled"),
    _P.SUPERSEDED: N_("Replaced by another plan"),
}
"""What each state is called on the screen."""

STANDS = text("status IN ('requested', 'countered', 'offered', 'accepted', 'active', 'paused')")


class PaymentPlan(Base):
    """A schedule over named invoices, from the first request to its end.

    `version_id` is the policy version that it was made under. What was agreed last is the latest PlanRound; what was
    signed stands in its PlanParts and Instalments. `made_after_id` is the account's last allocation at the signing:
    only later ones cover it. `interest_note_id` is the debit note for the interest that was reckoned then.
    """

    __tablename__ = "payment_plan"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    currency: Mapped[CurrencyCode]
    status: Mapped[PlanStatus] = mapped_column(enum_column(PlanStatus))
    version_id: Mapped[int] = mapped_column(Key)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("payment_plan.id"))
    made_at: Mapped[Instant]
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interest: Mapped[PlanInterest] = mapped_column(enum_column(PlanInterest))
    signed_on: Mapped[date | None] = mapped_column(Date)
    total_minor: Mapped[Minor | None]
    made_after_id: Mapped[int | None] = mapped_column(Key)
    interest_note_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    saved_method_id: Mapped[int | None] = mapped_column(ForeignKey("saved_method.id"))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(signed_on IS NULL) = (total_minor IS NULL)", name="signed_total"),
        CheckConstraint("(signed_on IS NULL) = (made_after_id IS NULL)", name="signed_after"),
        Index("ix_payment_plan_account", "account_id", "id"),
        Index("ix_payment_plan_status", "status", "id"),
    )

    @property
    def source(self) -> str:
        """How the stops that it writes name it."""
        return f"plan:{self.id}"


class PlanInvoice(Base):
    """An invoice that a plan is about, or is asked for; `open_minor` is what was open of it at the signing."""

    __tablename__ = "plan_invoice"

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    open_minor: Mapped[Minor | None]

    __table_args__ = (UniqueConstraint("plan_id", "invoice_id"),)


class Side(StrEnum):
    """Who proposes: the customer, or we."""

    CUSTOMER = "customer"
    US = "us"


class PlanRound(Base):
    """One proposal in the conversation about a plan: its shape, and the words that came with it.

    `capacity` is what the customer said of what they can pay and when money comes in, where they were asked.
    """

    __tablename__ = "plan_round"

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), index=True)
    side: Mapped[Side] = mapped_column(enum_column(Side))
    shape: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[str | None] = mapped_column(Text)
    capacity: Mapped[str | None] = mapped_column(Text)
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class Instalment(Base):
    """One part of a signed plan; its amount never changes. Number 0 is the down payment."""

    __tablename__ = "instalment"

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    number: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[Minor]
    interest_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("interest_minor >= 0 AND interest_minor <= amount_minor", name="interest"),
        {"info": {APPEND_ONLY: True}},
    )


class InstalmentMove(Base):
    """A later day for a part, granted by a pause; `after_id` is the account's last allocation then."""

    __tablename__ = "instalment_move"

    id: Mapped[PrimaryKey]
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    after_id: Mapped[int] = mapped_column(Key)
    moved_at: Mapped[Instant]

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class InstalmentTold(Base):
    """That the customer was told that a part is due soon, or was missed: once for each day on which it is due."""

    __tablename__ = "instalment_told"

    id: Mapped[PrimaryKey]
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"))
    news: Mapped[PlanNews] = mapped_column(enum_column(PlanNews))
    due_on: Mapped[date] = mapped_column(Date)
    told_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("instalment_id", "news", "due_on"), {"info": {APPEND_ONLY: True}})


class PlanPause(Base):
    """A pause of a plan: through which day nothing falls due, why, and who granted it."""

    __tablename__ = "plan_pause"

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="days"),
        {"info": {APPEND_ONLY: True}},
    )


class PlanGrace(Base):
    """The one offer of more time for what was missed; a plan has at most one."""

    __tablename__ = "plan_grace"

    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), primary_key=True, autoincrement=False)
    offered_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    missing_minor: Mapped[Minor]
    offered_at: Mapped[Instant]

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class SignedBy(StrEnum):
    """How a plan was signed: in the portal, or on paper that staff have filed."""

    PORTAL = "portal"
    PAPER = "paper"


class PlanSignature(Base):
    """Who bound the account to a plan: name, title, how, when, from where, under which text and which document."""

    __tablename__ = "plan_signature"

    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), primary_key=True, autoincrement=False)
    how: Mapped[SignedBy] = mapped_column(enum_column(SignedBy))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(120))
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(400))
    signed_on: Mapped[date] = mapped_column(Date)
    signed_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class PlanPayment(Base):
    """That a payment was made for a plan: for which part, and what its payer wanted done with more than that."""

    __tablename__ = "plan_payment"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), index=True)
    instalment_id: Mapped[int | None] = mapped_column(ForeignKey("instalment.id"))
    extra: Mapped[Extra | None] = mapped_column(enum_column(Extra))

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class PlanChange(Base):
    """One change of a plan's state: who, when, why."""

    __tablename__ = "plan_change"

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), index=True)
    before: Mapped[PlanStatus | None] = mapped_column(enum_column(PlanStatus, name="before_status"))
    after: Mapped[PlanStatus] = mapped_column(enum_column(PlanStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
