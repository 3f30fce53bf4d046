"""Tables of accounts, contacts, logins and what a login may do on an account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, PrimaryKey, UtcDateTime, enum_column
from domain.shared.errors import N_
from domain.shared.spelling import plain


class LegalForm(StrEnum):
    """What the customer is in law; it decides which protections apply."""

    COMPANY = "company"
    SOLE_TRADER = "sole_trader"
    PARTNERSHIP = "partnership"
    NATURAL_PERSON = "natural_person"
    PUBLIC_BODY = "public_body"
    UNKNOWN = "unknown"


LEGAL_FORM_NAMES = {
    LegalForm.COMPANY: N_("company"),
    LegalForm.SOLE_TRADER: N_("sole trader"),
    LegalForm.PARTNERSHIP: N_("partnership"),
    LegalForm.NATURAL_PERSON: N_("natural person"),
    LegalForm.PUBLIC_BODY: N_("public body"),
    LegalForm.UNKNOWN: N_("legal form unknown"),
}
"""What each legal form is called on the screen."""


class Right(StrEnum):
    """What a login may do on one account."""

    VIEW = "view"
    PAY = "pay"
    DISPUTE = "dispute"
    PROMISE = "promise"
    BIND = "bind"
    MANAGE_PEOPLE = "manage_people"


RIGHT_NAMES = {
    Right.VIEW: N_("see invoices and statements"),
    Right.PAY: N_("pay"),
    Right.DISPUTE: N_("dispute an invoice"),
    Right.PROMISE: N_("promise a payment"),
    Right.BIND: N_("accept terms, plans and settlements"),
    Right.MANAGE_PEOPLE: N_("manage people"),
}
"""What each right is called on the screen: "may …"."""

ALL_RIGHTS = frozenset(Right)


class RightSet(TypeDecorator[frozenset[Right]]):
    """A set of rights, stored as sorted words."""

    impl = String(120)
    cache_ok = True

    def process_bind_param(self, value: Collection[Right] | None, dialect: Dialect) -> str | None:
        """Sorted words."""
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Right] | None:
        """A frozen set again."""
        return None if value is None else frozenset(Right(word) for word in value.split())


def folded(*words: str | None) -> str:
    """`words` in one line as a search compares them: without accents, in the case that has no case."""
    return plain(" ".join(word for word in words if word))


def _search_text(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return folded(*(given.get(name) for name in SEARCHED))


SEARCHED = ("name", "number", "email", "phone")
"""The account's own columns in its search text; what its contacts and logins are called is added to them."""


class Account(Base):
    """One customer's receivable relationship with us, in one currency."""

    __tablename__ = "account"

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    legal_form: Mapped[LegalForm] = mapped_column(enum_column(LegalForm))
    currency: Mapped[CurrencyCode]
    language: Mapped[str] = mapped_column(String(5))
    time_zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str | None] = mapped_column(String(2))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    terms_days: Mapped[int]
    search_text: Mapped[str] = mapped_column(Text, default=_search_text)
    created_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("terms_days BETWEEN 0 AND 365", name="terms_days"),
        Index("ix_account_name", "name", "id"),
    )


class Contact(Base):
    """A person or a shared mailbox on an account; tied to a login when they may sign in."""

    __tablename__ = "contact"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"), index=True)
    created_at: Mapped[Instant]


class Login(Base):
    """An email address that can sign in to the portal."""

    __tablename__ = "login"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[Instant]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccountAccess(Base):
    """The rights that one login has on one account."""

    __tablename__ = "account_access"

    id: Mapped[PrimaryKey]
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    rights: Mapped[frozenset[Right]] = mapped_column(RightSet)
    granted_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("login_id", "account_id"),)


ACCOUNTS = Base.metadata.tables[Account.__tablename__]
ACCESS = Base.metadata.tables[AccountAccess.__tablename__]
CONTACTS = Base.metadata.tables[Contact.__tablename__]
LOGINS = Base.metadata.tables[Login.__tablename__]
"""The tables themselves, for Core statements."""
