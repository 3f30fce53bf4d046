"""Tables of policies: their drafts and published versions, whom they are assigned to, who was told and who accepted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from domain.policies.sections import Reference, Sections, sections_of, stored
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY


class SectionsColumn(TypeDecorator[Sections]):
    """Sections, stored as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sections | None, dialect: Dialect) -> dict[str, Any] | None:
        """Plain values."""
        return None if value is None else stored(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Sections | None:
        """Sections again."""
        return None if value is None else sections_of(value)


class PercentColumn(TypeDecorator[Decimal]):
    """A percentage, stored as the decimal that was given, so that nothing is rounded on the way."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Its digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """A decimal again."""
        return None if value is None else Decimal(value)


class CreditPolicy(Base):
    """The rules for some customers, in versions; what they say stands in the versions alone."""

    __tablename__ = "credit_policy"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[Instant]


class PolicyDraft(Base):
    """The next version of a policy while it is being written: the one thing of a policy that changes."""

    __tablename__ = "policy_draft"

    policy_id: Mapped[int] = mapped_column(ForeignKey("credit_policy.id"), primary_key=True, autoincrement=False)
    sections: Mapped[Sections] = mapped_column(SectionsColumn)
    edited_at: Mapped[Instant]
    edited_by: Mapped[int | None] = mapped_column(Key)


class PolicyVersion(Base):
    """A published version: `valid_from` is the first day on which it can rule; `sha256` is that of its sections."""

    __tablename__ = "policy_version"

    id: Mapped[PrimaryKey]
    policy_id: Mapped[int] = mapped_column(ForeignKey("credit_policy.id"))
    number: Mapped[int]
    valid_from: Mapped[date] = mapped_column(Date)
    sections: Mapped[Sections] = mapped_column(SectionsColumn)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Instant]
    published_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("policy_id", "number"),
        CheckConstraint("number > 0", name="number"),
        {"info": {APPEND_ONLY: True}},
    )


class AccountGroup(Base):
    """Accounts that are treated alike."""

    __tablename__ = "account_group"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[Instant]


class GroupMember(Base):
    """The one group that an account is in."""

    __tablename__ = "group_member"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(ForeignKey("account_group.id"), index=True)


class PolicyAssignment(Base):
    """A policy rules an account, a group, or (neither named) everybody else, from a day on; the last one counts.

    Without a policy it ends an earlier assignment.
    """

    __tablename__ = "policy_assignment"

    id: Mapped[PrimaryKey]
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("credit_policy.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("account_group.id"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    assigned_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("account_id IS NULL OR group_id IS NULL", name="scope"),
        {"info": {APPEND_ONLY: True}},
    )


class AskedHow(StrEnum):
    """By what an account was told of a version."""

    MAIL = "mail"
    REMINDER = "reminder"
    STAFF = "staff"


class TermsRequest(Base):
    """An account was told of a version, and asked to accept it."""

    __tablename__ = "terms_request"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    how: Mapped[AskedHow] = mapped_column(enum_column(AskedHow))
    asked_on: Mapped[date] = mapped_column(Date)
    asked_at: Mapped[Instant]

    __table_args__ = (Index("ix_terms_request_account", "account_id", "id"), {"info": {APPEND_ONLY: True}})


class TermsAcceptance(Base):
    """An account's recorded acceptance of one version: who bound it, in what office, from where, and what they read.

    `document_id` is the paper that was read, `sha256` its digest; without a login, staff filed a signed paper.
    """

    __tablename__ = "terms_acceptance"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"), index=True)
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(120))
    document_id: Mapped[int] = mapped_column(Key)
    sha256: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(400))
    accepted_on: Mapped[date] = mapped_column(Date)
    accepted_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (UniqueConstraint("account_id", "version_id"), {"info": {APPEND_ONLY: True}})


class TermsPaper(Base):
    """The paper of a version in one language: the document that whoever reads the terms in it is given to accept."""

    __tablename__ = "terms_paper"

    id: Mapped[PrimaryKey]
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    language: Mapped[str] = mapped_column(String(5))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("version_id", "language"), {"info": {APPEND_ONLY: True}})


class ReferenceRate(Base):
    """A published rate from a day on, with its source; of two for one day the later row counts."""

    __tablename__ = "reference_rate"

    id: Mapped[PrimaryKey]
    reference: Mapped[Reference] = mapped_column(enum_column(Reference))
    from_on: Mapped[date] = mapped_column(Date)
    rate: Mapped[Decimal] = mapped_column(PercentColumn)
    source: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (Index("ix_reference_rate_day", "reference", "from_on", "id"), {"info": {APPEND_ONLY: True}})


class RatesLookedUp(Base):
    """Somebody saw to it that a reference rate is complete through a day: no change is missing before it."""

    __tablename__ = "rates_looked_up"

    reference: Mapped[Reference] = mapped_column(enum_column(Reference), primary_key=True)
    through_on: Mapped[date] = mapped_column(Date)
    looked_up_at: Mapped[datetime] = mapped_column(UtcDateTime)


POLICIES = Base.metadata.tables[CreditPolicy.__tablename__]
GROUPS = Base.metadata.tables[AccountGroup.__tablename__]
REQUESTS = Base.metadata.tables[TermsRequest.__tablename__]
"""The tables themselves, for Core statements."""
