"""Tables of approvals: what somebody asks a second person to approve, and whose authority was enough for it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.policies.acts import UNITS, Act, Unit
from domain.shared.db.base import Base, CurrencyCode, Instant, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.model import Role


class ApprovalKind(StrEnum):
    """What can be asked for; each has its own arguments (see `wishes`)."""

    CREDIT_NOTE = "credit_note"
    VOID_INVOICE = "void_invoice"
    WAIVE = "waive"
    EXTEND = "extend"
    SHORTEN = "shorten"
    PROMISE = "promise"
    CREDIT_LIMIT = "credit_limit"
    END_LIMIT = "end_limit"
    CREDIT_APPLICATION = "credit_application"
    LIFT_HOLD = "lift_hold"
    END_LIFTING = "end_lifting"
    OFFER_PLAN = "offer_plan"
    AGREE_PLAN = "agree_plan"
    COUNTER_PLAN = "counter_plan"
    PAUSE_PLAN = "pause_plan"
    END_PLAN = "end_plan"
    ACCEPT_DISPUTE = "accept_dispute"
    CREDIT_CHARGEBACK = "credit_chargeback"


class ApprovalStatus(StrEnum):
    """The stored states; all but the first are ends."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


ARROWS: dict[ApprovalStatus, frozenset[ApprovalStatus]] = {
    status: frozenset(set(ApprovalStatus) - {ApprovalStatus.WAITING})
    if status is ApprovalStatus.WAITING
    else frozenset()
    for status in ApprovalStatus
}
"""Which state may follow which."""

APPROVAL_NAMES = {
    ApprovalStatus.WAITING: N_("Waits for approval"),
    ApprovalStatus.APPROVED: N_("Approved and done"),
    ApprovalStatus.REFUSED: N_("Not approved"),
    ApprovalStatus.WITHDRAWN: N_("Withdrawn"),
    ApprovalStatus.EXPIRED: N_("Expired"),
}
"""What each state is called on the screen."""

KIND_NAMES = {
    ApprovalKind.CREDIT_NOTE: N_("Credit note"),
    ApprovalKind.VOID_INVOICE: N_("Invoice to be withdrawn"),
    ApprovalKind.WAIVE: N_("Late charge to be waived"),
    ApprovalKind.EXTEND: N_("Later due date"),
    ApprovalKind.SHORTEN: N_("Later due date to be taken back"),
    ApprovalKind.PROMISE: N_("Promise to pay"),
    ApprovalKind.CREDIT_LIMIT: N_("Credit limit"),
    ApprovalKind.END_LIMIT: N_("Credit limit of the policy again"),
    ApprovalKind.CREDIT_APPLICATION: N_("Credit application to be approved"),
    ApprovalKind.LIFT_HOLD: N_("Hold on credit to be lifted"),
    ApprovalKind.END_LIFTING: N_("Hold on credit to hold again"),
    ApprovalKind.OFFER_PLAN: N_("Payment plan to be offered"),
    ApprovalKind.AGREE_PLAN: N_("Payment plan to be agreed to"),
    ApprovalKind.COUNTER_PLAN: N_("Counter-offer of a payment plan"),
    ApprovalKind.PAUSE_PLAN: N_("Payment plan to be paused"),
    ApprovalKind.END_PLAN: N_("Payment plan to be ended"),
    ApprovalKind.ACCEPT_DISPUTE: N_("Dispute to be accepted"),
    ApprovalKind.CREDIT_CHARGEBACK: N_("Debt of a chargeback to be credited"),
}
"""What each kind is called on the screen."""

WAITS = f"status = '{ApprovalStatus.WAITING.value}'"
"""Which requests still wait, as the database reads it."""


class ApprovalRequest(Base):
    """One act that somebody may not do alone, with its `arguments`, until a second person decides.

    `subject_kind` and `subject_id` name the thing that it is about: of a kind one request waits for each thing.
    `act` and `extent` are what its asker's authority did not cover (minor units, days, months; None for done or not).
    `seen` is how the things stood when it was asked for, `foreseen` how they would stand after it; see `facts`.
    `note` is for whoever decides, and only for them; `answer` is what they, or the asker, said in the end.
    """

    __tablename__ = "approval_request"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[ApprovalKind] = mapped_column(enum_column(ApprovalKind))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    act: Mapped[Act] = mapped_column(enum_column(Act))
    extent: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[CurrencyCode]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen: Mapped[dict[str, Any]] = mapped_column(JSON)
    foreseen: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    asked_at: Mapped[Instant]
    valid_until: Mapped[date] = mapped_column(Date)
    status: Mapped[ApprovalStatus] = mapped_column(enum_column(ApprovalStatus))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("extent IS NULL OR extent >= 0", name="extent"),
        CheckConstraint(f"({WAITS}) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(status IN ('approved', 'refused')) = (decided_by IS NOT NULL)", name="decider"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_persons"),
        CheckConstraint("status <> 'refused' OR answer IS NOT NULL", name="reason"),
        Index(
            "uq_approval_request_waiting",
            "kind",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where=text(WAITS),
            sqlite_where=text(WAITS),
        ),
        Index("ix_approval_request_account", "account_id", "id"),
        Index("ix_approval_request_status", "status", "id"),
        Index("ix_approval_request_asked", "asked_by", "status", "id"),
    )

    @property
    def amount(self) -> Money | None:
        """How much money it takes authority for; None where that is no money."""
        if UNITS[self.act] is not Unit.MONEY or self.extent is None:
            return None
        return Money(self.extent, self.currency)


class ApprovalRole(Base):
    """A role whose authority was enough for a request when it was asked for: on their worklists it waits."""

    __tablename__ = "approval_role"

    id: Mapped[PrimaryKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))

    __table_args__ = (
        UniqueConstraint("request_id", "role"),
        {"info": {APPEND_ONLY: True}},
    )


APPROVALS = Base.metadata.tables[ApprovalRequest.__tablename__]
APPROVAL_ROLES = Base.metadata.tables[ApprovalRole.__tablename__]
