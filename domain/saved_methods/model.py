"""Tables of saved methods: what is kept, who agreed to it and to which words, and each request to keep one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class MethodKind(StrEnum):
    """What sort of method it is."""

    CARD = "card"
    BANK_DEBIT = "bank_debit"
    WALLET = "wallet"


METHOD_WORDS = {
    MethodKind.CARD: N_("Card"),
    MethodKind.BANK_DEBIT: N_("Bank debit"),
    MethodKind.WALLET: N_("Wallet"),
}
"""What each kind is called on the screen."""


class SavedMethod(Base):
    """A card or bank account that the processor keeps for an account: its owner's, and others' if it is shared.

    `removed_at` is set when its owner had it forgotten, `lost_at` when the processor no longer has it. `label` is the
    same in every language, such as "Visa •••• 4242".
    """

    __tablename__ = "saved_method"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("method_consent.id"))
    method_ref: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[MethodKind] = mapped_column(enum_column(MethodKind))
    label: Mapped[str] = mapped_column(String(80))
    expires_year: Mapped[int | None]
    expires_month: Mapped[int | None]
    shared: Mapped[bool]
    saved_at: Mapped[Instant]
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(expires_year IS NULL) = (expires_month IS NULL)", name="expires"),
        CheckConstraint("expires_month BETWEEN 1 AND 12", name="expires_month"),
        Index("ix_saved_method_account", "account_id", "id"),
    )

    @property
    def is_there(self) -> bool:
        """Whether money may still be taken from it."""
        return self.removed_at is None and self.lost_at is None


class MethodConsent(Base):
    """Somebody agreed that a method is kept: to which words, when, from where; `source` is what they were doing."""

    __tablename__ = "method_consent"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    source: Mapped[str] = mapped_column(String(60), unique=True)
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    given_at: Mapped[Instant]
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class SetupState(StrEnum):
    """Where a request to keep a method stands."""

    PREPARED = "prepared"
    SENT = "sent"
    OPEN = "open"
    SAVED = "saved"
    ENDED = "ended"


class MethodSetup(Base):
    """One request for the processor's page on which a method is kept without a payment; the exact body is stored."""

    __tablename__ = "method_setup"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    state: Mapped[SetupState] = mapped_column(enum_column(SetupState))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    prepared_at: Mapped[Instant]
    checkout_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    checkout_url: Mapped[str | None] = mapped_column(Text)
    failure: Mapped[str | None] = mapped_column(Text)

    @property
    def key(self) -> str:
        """The idempotency key of the request."""
        return f"setup:{self.public_id}"
