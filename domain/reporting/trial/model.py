"""The tables of trials that take long: what each was made from, how far it is, its sums, and its accounts in parts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.policies.model import SectionsColumn
from domain.policies.sections import Sections
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime

UNDER_WAY = text("made_at IS NULL")


class PolicyTrial(Base):
    """A trial that the worker makes: of these sections, on these accounts, over these days; `body` are its sums.

    `ruling` says which versions there were and whom they ruled, so that a change of either is noticed. `tried` of
    `accounts` accounts are done, those with an id up to `after`; `moved_at` is when it last went on. A policy that is
    thrown away takes its trials with it, and each trial its parts.
    """

    __tablename__ = "policy_trial"

    id: Mapped[PrimaryKey]
    policy_id: Mapped[int] = mapped_column(ForeignKey("credit_policy.id", ondelete="CASCADE"))
    whom: Mapped[str] = mapped_column(String(40))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    sections: Mapped[Sections] = mapped_column(SectionsColumn)
    ruling: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[Instant]
    moved_at: Mapped[Instant]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accounts: Mapped[int]
    tried: Mapped[int]
    after: Mapped[int] = mapped_column(Key)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        CheckConstraint("tried >= 0 AND tried <= accounts", name="tried"),
        Index("ix_policy_trial_asked", "policy_id", "whom", "first_on", "last_on", "id"),
        Index(
            "uq_policy_trial_under_way",
            "policy_id",
            "whom",
            "first_on",
            "last_on",
            unique=True,
            postgresql_where=UNDER_WAY,
            sqlite_where=UNDER_WAY,
        ),
    )


class PolicyTrialPart(Base):
    """The numbers of some accounts of a trial: for each its id and, by column, what was tried, in force and was."""

    __tablename__ = "policy_trial_part"

    id: Mapped[PrimaryKey]
    trial_id: Mapped[int] = mapped_column(ForeignKey("policy_trial.id", ondelete="CASCADE"))
    place: Mapped[int]
    rows: Mapped[list[Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("trial_id", "place"),)


TRIALS = Base.metadata.tables[PolicyTrial.__tablename__]
PARTS = Base.metadata.tables[PolicyTrialPart.__tablename__]
"""The tables themselves, for Core statements."""
