"""The tables of rules by which accounts get somebody who looks after them, of who does, and of who is away."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime, enum_column
from domain.shared.errors import N_


class RuleKind(StrEnum):
    """By what a rule chooses accounts."""

    ALPHABET = "alphabet"
    SIZE = "size"
    COUNTRY = "country"
    LANGUAGE = "language"
    EVERYTHING = "everything"


RULE_NAMES = {
    RuleKind.ALPHABET: N_("The first letters of the name"),
    RuleKind.SIZE: N_("How much is open"),
    RuleKind.COUNTRY: N_("The country"),
    RuleKind.LANGUAGE: N_("The language"),
    RuleKind.EVERYTHING: N_("Whatever no other rule takes"),
}
"""What each kind is called on the screen."""


class AssignmentRule(Base):
    """Accounts of this kind are somebody's; the first rule that fits, by `position`, decides.

    `low` and `high` bound the first letters of the folded name, both included; `value` is the country or the language;
    `least_minor` (in `currency`) is the least that is open. A rule is ended, never changed.
    """

    __tablename__ = "assignment_rule"

    id: Mapped[PrimaryKey]
    position: Mapped[int]
    kind: Mapped[RuleKind] = mapped_column(enum_column(RuleKind))
    low: Mapped[str | None] = mapped_column(String(20))
    high: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(String(5))
    least_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(kind = 'alphabet') = (low IS NOT NULL AND high IS NOT NULL)", name="letters"),
        CheckConstraint("(kind IN ('country', 'language')) = (value IS NOT NULL)", name="value"),
        CheckConstraint("(kind = 'size') = (least_minor IS NOT NULL AND currency IS NOT NULL)", name="size"),
    )


class Assignment(Base):
    """Who looks after an account now, and by which rule; by hand where there is none."""

    __tablename__ = "assignment"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_rule.id"))
    assigned_at: Mapped[Instant]

    __table_args__ = (Index(None, "staff_id", "account_id"),)


class Absence(Base):
    """Somebody is away from the first day to the last, and somebody else does their work meanwhile."""

    __tablename__ = "absence"

    id: Mapped[PrimaryKey]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    created_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint("stand_in_id <> staff_id", name="somebody_else"),
    )


RULES = Base.metadata.tables[AssignmentRule.__tablename__]
ASSIGNMENTS = Base.metadata.tables[Assignment.__tablename__]
ABSENCES = Base.metadata.tables[Absence.__tablename__]
"""The tables themselves, for Core statements."""
