"""Tables of the register of stops: what holds what, since when, why, and when it was lifted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, Minor, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class StopKind(StrEnum):
    """Why something is held."""

    DISPUTE = "dispute"
    CHARGEBACK = "chargeback"
    PROMISE = "promise"
    PLAN = "plan"
    PLAN_BEARING = "plan_bearing"
    OFFER = "offer"
    PLACEMENT = "placement"
    JUDGMENT = "judgment"
    WRITE_OFF = "write_off"
    BARRED = "barred"
    INSOLVENCY = "insolvency"
    BREATHING_SPACE = "breathing_space"
    CEASE = "cease"
    MANUAL = "manual"


class Held(StrEnum):
    """What a stop can hold.

    CREDIT_LIMIT: what is held does not count as overdue against the limit. NEW_CREDIT: we ship no more on credit.
    """

    CHASING = "chasing"
    INTEREST = "interest"
    COLLECTION = "collection"
    HANDOFF = "handoff"
    CREDIT_LIMIT = "credit_limit"
    NEW_CREDIT = "new_credit"


OF_A_DEBT = frozenset(Held) - {Held.NEW_CREDIT}
"""All that a stop on a debt can hold; whether more is lent is about somebody."""

HOLDS: dict[StopKind, frozenset[Held]] = {
    StopKind.DISPUTE: OF_A_DEBT,
    StopKind.CHARGEBACK: frozenset({Held.CHASING, Held.COLLECTION, Held.HANDOFF}),
    StopKind.PROMISE: frozenset({Held.CHASING, Held.COLLECTION, Held.HANDOFF}),
    StopKind.PLAN: OF_A_DEBT,
    StopKind.PLAN_BEARING: frozenset({Held.CHASING, Held.COLLECTION, Held.HANDOFF, Held.CREDIT_LIMIT}),
    StopKind.OFFER: frozenset({Held.CHASING, Held.COLLECTION, Held.HANDOFF}),
    StopKind.PLACEMENT: frozenset({Held.CHASING, Held.COLLECTION, Held.HANDOFF}),
    StopKind.JUDGMENT: frozenset({Held.CHASING, Held.INTEREST}),
    StopKind.WRITE_OFF: frozenset({Held.CHASING, Held.INTEREST, Held.COLLECTION}),
    StopKind.BARRED: frozenset({Held.CHASING}),
    StopKind.INSOLVENCY: frozenset(Held) - {Held.CREDIT_LIMIT},
    StopKind.BREATHING_SPACE: frozenset({Held.CHASING, Held.INTEREST, Held.COLLECTION, Held.HANDOFF}),
    StopKind.CEASE: frozenset({Held.CHASING}),
    StopKind.MANUAL: frozenset({Held.CHASING, Held.COLLECTION, Held.HANDOFF}),
}
"""The one table that says what each kind of stop holds."""

STOP_NAMES = {
    StopKind.DISPUTE: N_("Disputed by the customer"),
    StopKind.CHARGEBACK: N_("A card payment is being contested with the bank"),
    StopKind.PROMISE: N_("The customer has promised to pay"),
    StopKind.PLAN: N_("Being paid by a plan"),
    StopKind.PLAN_BEARING: N_("Being paid by a plan that bears interest"),
    StopKind.OFFER: N_("An offer to settle is open"),
    StopKind.PLACEMENT: N_("Handed to an agency or an attorney"),
    StopKind.JUDGMENT: N_("Before a court, or decided by one"),
    StopKind.WRITE_OFF: N_("Written off in the books"),
    StopKind.BARRED: N_("Can no longer be enforced: the time for it is over"),
    StopKind.INSOLVENCY: N_("Insolvency proceedings"),
    StopKind.BREATHING_SPACE: N_("Breathing space: a moratorium for people in debt"),
    StopKind.CEASE: N_("The customer has asked us to stop contacting them"),
    StopKind.MANUAL: N_("Held by staff"),
}
"""What each kind is called on the screen."""

BY_STAFF = frozenset({StopKind.INSOLVENCY, StopKind.BREATHING_SPACE, StopKind.CEASE, StopKind.MANUAL})
"""The kinds that staff set and lift by hand; the others are written and lifted by what they belong to."""

SET_BY_HAND = BY_STAFF - {StopKind.INSOLVENCY}
"""Those of them that are set by hand: for insolvency there is a proceeding, which writes and lifts its own."""

OF_THE_WHOLE_ACCOUNT = frozenset({StopKind.INSOLVENCY, StopKind.BREATHING_SPACE})
"""The kinds that are about somebody, and so never about one of their invoices alone."""

HELD_NAMES = {
    Held.CHASING: N_("reminders"),
    Held.INTEREST: N_("interest for lateness"),
    Held.COLLECTION: N_("automatic payment"),
    Held.HANDOFF: N_("handing over to an agency"),
    Held.CREDIT_LIMIT: N_("counting as overdue against the credit limit"),
    Held.NEW_CREDIT: N_("new credit"),
}
"""What each thing that can be held is called on the screen."""


class Stop(Base):
    """One hold on an account, or on one invoice of it (then on `amount_minor` of it, or all); lifted by a StopLift."""

    __tablename__ = "stop"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    amount_minor: Mapped[Minor | None]
    kind: Mapped[StopKind] = mapped_column(enum_column(StopKind))
    source: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    written_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("amount_minor IS NULL OR (amount_minor > 0 AND invoice_id IS NOT NULL)", name="amount"),
        Index("ix_stop_account", "account_id", "id"),
        Index("ix_stop_source", "kind", "source"),
        {"info": {APPEND_ONLY: True}},
    )


class StopLift(Base):
    """The end of a stop: who lifted it, when and why."""

    __tablename__ = "stop_lift"

    id: Mapped[PrimaryKey]
    stop_id: Mapped[int] = mapped_column(ForeignKey("stop.id"))
    lifted_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (UniqueConstraint("stop_id"), {"info": {APPEND_ONLY: True}})


class StopWhy(Base):
    """Why staff have set a stop, in their words; a stop that belongs to something else has its reason there."""

    __tablename__ = "stop_reason"

    id: Mapped[PrimaryKey]
    stop_id: Mapped[int] = mapped_column(ForeignKey("stop.id"))
    why: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("stop_id"), {"info": {APPEND_ONLY: True}})
