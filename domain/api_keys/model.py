"""The table of API keys: what each may do, and of the key itself no more than a hash and its first letters."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime
from domain.shared.errors import N_


class Scope(StrEnum):
    """What another system may do with a key."""

    READ_CREDIT = "credit:read"
    WRITE_UNBILLED = "unbilled:write"
    FILE_DOCUMENTS = "documents:file"
    PLACEMENTS = "placements"


SCOPE_WORDS = {
    Scope.READ_CREDIT: N_("ask for an account's credit"),
    Scope.WRITE_UNBILLED: N_("say what is ordered and not yet billed"),
    Scope.FILE_DOCUMENTS: N_("file documents about accounts and invoices"),
    Scope.PLACEMENTS: N_("fetch what was handed to one partner, and bring its updates"),
}
"""What each scope is called on the screen: "may …"."""


class ScopeSet(TypeDecorator[frozenset[Scope]]):
    """A set of scopes, stored as sorted words."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: Collection[Scope] | None, dialect: Dialect) -> str | None:
        """Sorted words."""
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Scope] | None:
        """A frozen set again."""
        return None if value is None else frozenset(Scope(word) for word in value.split())


class ApiKey(Base):
    """A key of another system; `start` are its first letters, so that people can tell keys apart.

    `partner_id` is whose placements it opens, and no others.
    """

    __tablename__ = "api_key"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(120))
    start: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[frozenset[Scope]] = mapped_column(ScopeSet)
    partner_id: Mapped[int | None] = mapped_column(Key)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(Key)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(Key)


KEYS = Base.metadata.tables[ApiKey.__tablename__]
"""The table itself, for Core statements."""
