"""Tables of disputes: what is contested and why, who handles it by when, what was said, and every change of state."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.disputes.reasons import Reason, RootCause
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class DisputeStatus(StrEnum):
    """The stored states."""

    OPEN = "open"
    UNDER_REVIEW = "under_review"
    AWAITING_CUSTOMER = "awaiting_customer"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


_S = DisputeStatus
_ENDS = frozenset({_S.RESOLVED, _S.WITHDRAWN, _S.MERGED})
ARROWS: dict[DisputeStatus, frozenset[DisputeStatus]] = {
    _S.OPEN: frozenset({_S.UNDER_REVIEW, _S.AWAITING_CUSTOMER}) | _ENDS,
    _S.UNDER_REVIEW: frozenset({_S.AWAITING_CUSTOMER}) | _ENDS,
    _S.AWAITING_CUSTOMER: frozenset({_S.UNDER_REVIEW}) | _ENDS,
    _S.RESOLVED: frozenset({_S.OPEN}),
    _S.WITHDRAWN: frozenset(),
    _S.MERGED: frozenset(),
}
"""Which state may follow which; what is resolved is opened again once, and no more."""
LIVE = frozenset({_S.OPEN, _S.UNDER_REVIEW, _S.AWAITING_CUSTOMER})
"""The states in which nothing is decided, and what is contested is left alone."""
OURS = LIVE - {_S.AWAITING_CUSTOMER}
"""The states in which it is our turn."""
DISPUTE_NAMES = {
    _S.OPEN: N_("In dispute"),
    _S.UNDER_REVIEW: N_("Being looked into"),
    _S.AWAITING_CUSTOMER: N_("Waits for an answer"),
    _S.RESOLVED: N_("Decided"),
    _S.WITHDRAWN: N_("Dispute withdrawn"),
    _S.MERGED: N_("Goes on in another dispute"),
}
"""What each state is called, wherever it is told."""


class Outcome(StrEnum):
    """How a resolved dispute ended; ANSWERED: the paper that was missing is there; UNANSWERED: no answer came to us."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


OUTCOME_NAMES = {
    Outcome.ACCEPTED: N_("Accepted"),
    Outcome.PARTLY_ACCEPTED: N_("Partly accepted"),
    Outcome.REJECTED: N_("Not accepted"),
    Outcome.ANSWERED: N_("Answered with the paper"),
    Outcome.UNANSWERED: N_("Closed without an answer"),
}
"""What each decision is called, wherever it is told."""
BY_SILENCE = frozenset({Outcome.ANSWERED, Outcome.UNANSWERED})
"""The outcomes that come by themselves, where the customer says nothing."""


class Dispute(Base):
    """One invoice, or `amount_minor` of it, contested; `number` is what people quote."""

    __tablename__ = "dispute"

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    words: Mapped[str] = mapped_column(Text)
    status: Mapped[DisputeStatus] = mapped_column(enum_column(DisputeStatus))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    answer: Mapped[str | None] = mapped_column(Text)
    credited_minor: Mapped[Minor | None]
    raised_at: Mapped[Instant]
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(status = 'resolved') = (outcome IS NOT NULL)", name="resolved"),
        CheckConstraint("(status IN ('resolved', 'withdrawn', 'merged')) = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_dispute_account", "account_id", "id"),
        Index("ix_dispute_status", "status", "id"),
        Index("ix_dispute_ended", "ended_at", "id"),
    )

    @property
    def amount(self) -> Money:
        """How much is contested."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How the stop that it writes names it."""
        return f"dispute:{self.id}"


class DisputeChange(Base):
    """One change of a dispute's state: who, when, why."""

    __tablename__ = "dispute_change"

    id: Mapped[PrimaryKey]
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    before: Mapped[DisputeStatus | None] = mapped_column(enum_column(DisputeStatus, name="before_status"))
    after: Mapped[DisputeStatus] = mapped_column(enum_column(DisputeStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class DisputeHandling(Base):
    """Who handles a dispute, and by when: one row beside each.

    `answer_by` and `resolve_by` are what its service level promises; `answered_at` is our first word to the customer.
    While we wait for theirs, `asked_at` is set: on `silent_on` it closes as `closes_as` where they say nothing.
    """

    __tablename__ = "dispute_handling"

    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), primary_key=True, autoincrement=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    answer_by: Mapped[Instant]
    resolve_by: Mapped[Instant]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    silent_on: Mapped[date | None] = mapped_column(Date)
    closes_as: Mapped[Outcome | None] = mapped_column(enum_column(Outcome, name="closes_as"))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[RootCause | None] = mapped_column(enum_column(RootCause))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("dispute.id"))
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("dispute.id"))

    __table_args__ = (
        CheckConstraint("(asked_at IS NULL) = (silent_on IS NULL)", name="asked_silent"),
        CheckConstraint("(asked_at IS NULL) = (closes_as IS NULL)", name="asked_closes"),
        Index("ix_dispute_handling_owner", "owner_id", "dispute_id"),
        Index(
            "ix_dispute_handling_silent",
            "silent_on",
            postgresql_where=text("silent_on IS NOT NULL"),
            sqlite_where=text("silent_on IS NOT NULL"),
        ),
    )


class DisputeLine(Base):
    """A line of the invoice that a dispute is about, and what the line comes to, tax included.

    How much of it all is contested is the dispute's amount: that may be less than its lines.
    """

    __tablename__ = "dispute_line"

    id: Mapped[PrimaryKey]
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("invoice_line.id"))
    amount_minor: Mapped[Minor]

    __table_args__ = (UniqueConstraint("dispute_id", "line_id"), CheckConstraint("amount_minor > 0", name="line"))


class MessageKind(StrEnum):
    """What a message is: words of either side, or of ours a question, a note for staff, the paper, the decision."""

    WORDS = "words"
    QUESTION = "question"
    NOTE = "note"
    PAPER = "paper"
    DECISION = "decision"
    REOPENING = "reopening"


class DisputeMessage(Base):
    """Something that was said about a dispute; only staff read a NOTE, and a PAPER says nothing but that it is there.

    The files that came with it are documents about it.
    """

    __tablename__ = "dispute_message"

    id: Mapped[PrimaryKey]
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    from_us: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("from_us OR kind IN ('words', 'reopening')", name="ours"),
        CheckConstraint("words <> '' OR kind IN ('paper', 'decision')", name="words"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def subject(self) -> tuple[str, int]:
        """How the documents that came with it name it."""
        return ("dispute_message", self.id)


class DisputeRoute(Base):
    """How disputes with one reason are handled: by whom, and in how much working time; without a row, as usual."""

    __tablename__ = "dispute_route"

    reason: Mapped[Reason] = mapped_column(enum_column(Reason, name="route_reason"), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    answer_hours: Mapped[int]
    resolve_days: Mapped[int]
    silent_days: Mapped[int]

    __table_args__ = (CheckConstraint("answer_hours > 0 AND resolve_days > 0 AND silent_days > 0", name="time"),)
