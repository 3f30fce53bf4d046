"""Tables of automatic payment: who agreed to it and to which words, and each collection with its changes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class StopReason(StrEnum):
    """Why automatic payment was turned off."""

    PAYER = "payer"
    STAFF = "staff"
    REPLACED = "replaced"
    FAILURES = "failures"
    METHOD_GONE = "method_gone"
    METHOD_EXPIRED = "method_expired"
    NOT_ALLOWED = "not_allowed"


STOP_WORDS = {
    StopReason.PAYER: N_("Somebody on the account turned it off"),
    StopReason.STAFF: N_("Staff turned it off"),
    StopReason.REPLACED: N_("It goes on with another card or bank account"),
    StopReason.FAILURES: N_("The money could not be taken several times in a row"),
    StopReason.METHOD_GONE: N_("The card or bank account is no longer saved"),
    StopReason.METHOD_EXPIRED: N_("The card has expired"),
    StopReason.NOT_ALLOWED: N_("Its owner may no longer pay for this account"),
}
"""What each is called on the screen."""

BY_ITSELF = frozenset({StopReason.FAILURES, StopReason.METHOD_GONE, StopReason.METHOD_EXPIRED, StopReason.NOT_ALLOWED})
"""The reasons for which nobody has pressed a button, so that people have to be told."""


class AutopayConsent(Base):
    """Somebody agreed that an account is paid automatically: to which words and rules, when, from where."""

    __tablename__ = "autopay_consent"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    saved_method_id: Mapped[int] = mapped_column(ForeignKey("saved_method.id"))
    text_version: Mapped[str] = mapped_column(String(20))
    rules_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    given_at: Mapped[Instant]
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class Autopay(Base):
    """Automatic payment of an account's invoices from one saved method; at most one an account is on.

    `failures` counts the days in a row on which a try failed; `note` is what staff gave as their reason.
    """

    __tablename__ = "autopay"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    saved_method_id: Mapped[int] = mapped_column(ForeignKey("saved_method.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("autopay_consent.id"), unique=True)
    started_at: Mapped[Instant]
    failures: Mapped[int]
    failed_on: Mapped[date | None] = mapped_column(Date)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_why: Mapped[StopReason | None] = mapped_column(enum_column(StopReason))
    stopped_by_kind: Mapped[str | None] = mapped_column(String(20))
    stopped_by_id: Mapped[int | None] = mapped_column(Key)
    note: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        CheckConstraint("(stopped_at IS NULL) = (stopped_why IS NULL)", name="stopped"),
        Index(
            "uq_autopay_on",
            "account_id",
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
            sqlite_where=text("stopped_at IS NULL"),
        ),
    )


class SubjectKind(StrEnum):
    """What a collection is for: a due part of something."""

    INVOICE = "invoice"
    INSTALMENT = "instalment"


class CollectionState(StrEnum):
    """The stored states."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    COLLECTING = "collecting"
    ACTION_REQUIRED = "action_required"
    RETRYING = "retrying"
    DONE = "done"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


_S = CollectionState
TRANSITIONS: dict[CollectionState, frozenset[CollectionState]] = {
    _S.PLANNED: frozenset({_S.ANNOUNCED, _S.CANCELLED}),
    _S.ANNOUNCED: frozenset({_S.COLLECTING, _S.CANCELLED}),
    _S.COLLECTING: frozenset({_S.ACTION_REQUIRED, _S.RETRYING, _S.DONE, _S.CANCELLED}),
    _S.ACTION_REQUIRED: frozenset({_S.COLLECTING, _S.DONE, _S.EXHAUSTED, _S.CANCELLED}),
    _S.RETRYING: frozenset({_S.COLLECTING, _S.DONE, _S.EXHAUSTED, _S.CANCELLED}),
    _S.DONE: frozenset(),
    _S.EXHAUSTED: frozenset({_S.DONE}),
    _S.CANCELLED: frozenset({_S.DONE}),
}
"""Which state may follow which: as with payments, money that came after all always wins."""

AHEAD = frozenset({_S.PLANNED, _S.ANNOUNCED})
"""The states in which the processor has not been asked for anything."""
TRYING = frozenset({_S.COLLECTING, _S.ACTION_REQUIRED, _S.RETRYING})
"""The states in which there is a payment, so that only the processor can end it."""
LIVE = AHEAD | TRYING

STILL_LIVE = text("state IN ('planned', 'announced', 'collecting', 'action_required', 'retrying')")


class EndReason(StrEnum):
    """Why a collection ends without its money."""

    TRIES_USED = "tries_used"
    UNANSWERED = "unanswered"
    REFUSED = "refused"
    PAID = "paid"
    HELD = "held"
    BEING_PAID = "being_paid"
    LESS_OPEN = "less_open"
    UNTOLD = "untold"
    TOO_LATE = "too_late"
    GIVEN_UP = "given_up"
    STOPPED = "stopped"
    REPLACED = "replaced"
    EXTENDED = "extended"
    PLAN_CHANGED = "plan_changed"
    METHOD_GONE = "method_gone"


END_WORDS = {
    EndReason.TRIES_USED: N_("every try has failed"),
    EndReason.UNANSWERED: N_("the bank's question was not answered"),
    EndReason.REFUSED: N_("the payment service did not take it"),
    EndReason.PAID: N_("nothing is open any more"),
    EndReason.HELD: N_("collection is held"),
    EndReason.BEING_PAID: N_("somebody is paying it"),
    EndReason.LESS_OPEN: N_("less is open than was to be taken"),
    EndReason.UNTOLD: N_("the payer could not be told in time"),
    EndReason.TOO_LATE: N_("its day was missed"),
    EndReason.GIVEN_UP: N_("it was ended to pay in another way"),
    EndReason.STOPPED: N_("automatic payment was turned off"),
    EndReason.REPLACED: N_("automatic payment goes on with another method"),
    EndReason.EXTENDED: N_("it is due later now"),
    EndReason.PLAN_CHANGED: N_("the plan has changed"),
    EndReason.METHOD_GONE: N_("the card or bank account can no longer be used"),
}
"""What each is called on the screen, after "because"."""

EXHAUSTING = frozenset({EndReason.TRIES_USED, EndReason.UNANSWERED, EndReason.REFUSED})
"""We tried and it did not work; for any other reason it is cancelled."""
PLAN_AGAIN = frozenset(
    {
        EndReason.HELD,
        EndReason.BEING_PAID,
        EndReason.LESS_OPEN,
        EndReason.UNTOLD,
        EndReason.TOO_LATE,
        EndReason.REPLACED,
        EndReason.EXTENDED,
    }
)
"""What is still open after these is planned and announced anew."""


class Collection(Base):
    """One series of attempts to collect one due part from a saved method, by one payment.

    An invoice's is taken under the account's Autopay, an instalment's under its plan, and then `autopay_id` is empty.
    `announced_minor` is the most that may be taken, `collect_on` the day that the payer was told, `told_at` when the
    email was handed over. `tries` counts the times that we asked; `judged` is the last attempt whose outcome we have
    acted on. `ends_why` is set as soon as we want it ended; once there is a payment the state follows only when the
    processor has confirmed that.
    """

    __tablename__ = "collection"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    autopay_id: Mapped[int | None] = mapped_column(ForeignKey("autopay.id"), index=True)
    saved_method_id: Mapped[int] = mapped_column(ForeignKey("saved_method.id"))
    subject_kind: Mapped[SubjectKind] = mapped_column(enum_column(SubjectKind))
    subject_id: Mapped[int] = mapped_column(Key)
    currency: Mapped[CurrencyCode]
    rules_version: Mapped[str] = mapped_column(String(20))
    state: Mapped[CollectionState] = mapped_column(enum_column(CollectionState))
    planned_at: Mapped[Instant]
    collect_on: Mapped[date] = mapped_column(Date)
    announced_minor: Mapped[Minor | None]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    tries: Mapped[int]
    judged: Mapped[int]
    first_tried_on: Mapped[date | None] = mapped_column(Date)
    next_try_on: Mapped[date | None] = mapped_column(Date)
    answer_by: Mapped[date | None] = mapped_column(Date)
    failure: Mapped[str | None] = mapped_column(Text)
    ends_why: Mapped[EndReason | None] = mapped_column(enum_column(EndReason))

    __table_args__ = (
        CheckConstraint("announced_minor > 0", name="announced_amount"),
        CheckConstraint("state IN ('planned', 'cancelled') OR announced_minor IS NOT NULL", name="announced"),
        CheckConstraint("state IN ('planned', 'announced', 'cancelled') OR payment_id IS NOT NULL", name="has_payment"),
        CheckConstraint("state NOT IN ('exhausted', 'cancelled') OR ends_why IS NOT NULL", name="ended"),
        CheckConstraint("(state = 'retrying') = (next_try_on IS NOT NULL)", name="next_try"),
        CheckConstraint("(state = 'action_required') = (answer_by IS NOT NULL)", name="answer_by"),
        Index(
            "uq_collection_live",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where=STILL_LIVE,
            sqlite_where=STILL_LIVE,
        ),
        Index("ix_collection_subject", "subject_kind", "subject_id"),
        Index("ix_collection_due", "state", "collect_on"),
        Index("ix_collection_account", "account_id", "id"),
    )

    @property
    def announced(self) -> Money:
        """The most that may be taken; only for one that has been announced."""
        assert self.announced_minor is not None
        return Money(self.announced_minor, self.currency)


class CollectionChange(Base):
    """One change of a collection's state: who, when, why."""

    __tablename__ = "collection_change"

    id: Mapped[PrimaryKey]
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"), index=True)
    before: Mapped[CollectionState | None] = mapped_column(enum_column(CollectionState, name="before_state"))
    after: Mapped[CollectionState] = mapped_column(enum_column(CollectionState, name="after_state"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
