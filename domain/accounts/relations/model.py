"""The tables of guarantors and of accounts that belong together."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.errors import N_


class Guarantor(Base):
    """Who answers for an account's debts besides the customer: all of them, or up to `most_minor`."""

    __tablename__ = "guarantor"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    is_person: Mapped[bool]
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    most_minor: Mapped[int | None] = mapped_column(BigInteger)
    since_on: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(Key)
    added_at: Mapped[Instant]
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("most_minor > 0", name="most"),)


class RelationKind(StrEnum):
    """How two accounts belong together."""

    PARENT = "parent"
    SISTER = "sister"
    SAME_OWNER = "same_owner"
    SUCCESSOR = "successor"
    OTHER = "other"


RELATION_NAMES = {
    RelationKind.PARENT: N_("Parent company"),
    RelationKind.SISTER: N_("Sister company"),
    RelationKind.SAME_OWNER: N_("Same owner"),
    RelationKind.SUCCESSOR: N_("Took over its business"),
    RelationKind.OTHER: N_("Belongs together"),
}
"""What the second account is to the first."""


class AccountRelation(Base):
    """`other_id` is to `account_id` what `kind` says; the pair stands here once, whoever wrote it down."""

    __tablename__ = "account_relation"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[RelationKind] = mapped_column(enum_column(RelationKind))
    added_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "account_id", "other_id"),
        CheckConstraint("account_id <> other_id", name="another"),
    )


GUARANTORS = Base.metadata.tables[Guarantor.__tablename__]
RELATIONS = Base.metadata.tables[AccountRelation.__tablename__]
"""The tables themselves, for Core statements."""
