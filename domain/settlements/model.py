"""Tables of settlements: what was offered for which invoices, how it is to be paid, and every change of its state."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class OfferStatus(StrEnum):
    """The stored states."""

    AWAITING_APPROVAL = "awaiting_approval"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    FULFILLED = "fulfilled"
    REOPENED = "reopened"
    BROKEN = "broken"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_O = OfferStatus
ARROWS: dict[OfferStatus, frozenset[OfferStatus]] = {
    _O.AWAITING_APPROVAL: frozenset({_O.OFFERED, _O.WITHDRAWN, _O.EXPIRED}),
    _O.OFFERED: frozenset({_O.ACCEPTED, _O.DECLINED, _O.EXPIRED, _O.WITHDRAWN}),
    _O.ACCEPTED: frozenset({_O.FULFILLED, _O.BROKEN}),
    _O.FULFILLED: frozenset({_O.REOPENED}),
    _O.REOPENED: frozenset({_O.FULFILLED, _O.BROKEN}),
    _O.BROKEN: frozenset(),
    _O.DECLINED: frozenset(),
    _O.EXPIRED: frozenset(),
    _O.WITHDRAWN: frozenset(),
}
"""Which state may follow which."""

STANDING = frozenset({_O.OFFERED, _O.ACCEPTED, _O.REOPENED})
"""It holds chasing of its invoices."""
TO_PAY = frozenset({_O.ACCEPTED, _O.REOPENED})
"""Its parts fall due."""

OFFER_NAMES = {
    _O.AWAITING_APPROVAL: N_("Waits for approval"),
    _O.OFFERED: N_("Offered"),
    _O.ACCEPTED: N_("Accepted, being paid"),
    _O.FULFILLED: N_("Paid: nothing more is owed"),
    _O.REOPENED: N_("Opened again: a payment went back"),
    _O.BROKEN: N_("Not kept"),
    _O.DECLINED: N_("Declined"),
    _O.EXPIRED: N_("Expired"),
    _O.WITHDRAWN: N_("Withdrawn"),
}
"""What each state is called on the screen."""


class SettlementOffer(Base):
    """`amount_minor` in full discharge of what is open on its invoices, where paid in time.

    `made_after_id` is the account's last allocation at the acceptance: only later money pays it. `batch` names the
    offers that were made to a segment together. `most_parts` is how many monthly parts the customer may choose.
    `placement_id` is the handoff whose partner proposed it.
    """

    __tablename__ = "settlement_offer"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    currency: Mapped[CurrencyCode]
    status: Mapped[OfferStatus] = mapped_column(enum_column(OfferStatus))
    version_id: Mapped[int | None] = mapped_column(Key)
    open_minor: Mapped[Minor]
    amount_minor: Mapped[Minor]
    most_parts: Mapped[int]
    expires_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    batch: Mapped[str | None] = mapped_column(String(40), index=True)
    placement_id: Mapped[int | None] = mapped_column(Key, index=True)
    made_at: Mapped[Instant]
    accepted_on: Mapped[date | None] = mapped_column(Date)
    made_after_id: Mapped[int | None] = mapped_column(Key)
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0 AND amount_minor < open_minor", name="amount"),
        CheckConstraint("most_parts > 0", name="parts"),
        CheckConstraint("(accepted_on IS NULL) = (made_after_id IS NULL)", name="accepted"),
        Index("ix_settlement_offer_account", "account_id", "id"),
        Index("ix_settlement_offer_status", "status", "id"),
    )

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How the stops that it writes name it."""
        return f"offer:{self.id}"


class OfferInvoice(Base):
    """An invoice that an offer is about, and what was open of it when it was made."""

    __tablename__ = "settlement_invoice"

    id: Mapped[PrimaryKey]
    offer_id: Mapped[int] = mapped_column(ForeignKey("settlement_offer.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    open_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("offer_id", "invoice_id"),
        {"info": {APPEND_ONLY: True}},
    )


class OfferPart(Base):
    """By which day how much of an accepted offer is to be paid."""

    __tablename__ = "settlement_part"

    id: Mapped[PrimaryKey]
    offer_id: Mapped[int] = mapped_column(ForeignKey("settlement_offer.id"))
    number: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[Minor]

    __table_args__ = (
        UniqueConstraint("offer_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )


class Concession(Base):
    """What was given up on one invoice when an offer was fulfilled, with the tax that was taken back with it.

    `number` is that of the tax credit note, where tax was corrected. Revoked where money of the offer went back, by a
    withdrawal of its credit; granted anew when it has come again.
    """

    __tablename__ = "concession"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("settlement_offer.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(64), unique=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    effective_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name="tax"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def amount(self) -> Money:
        """What was given up, tax included."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How entries and items name it."""
        return f"concession:{self.id}"

    @property
    def tax(self) -> Money:
        """The invoice's tax within it that was taken back."""
        return Money(self.tax_minor, self.currency)


class OfferChange(Base):
    """One change of an offer's state: who, when, why."""

    __tablename__ = "settlement_change"

    id: Mapped[PrimaryKey]
    offer_id: Mapped[int] = mapped_column(ForeignKey("settlement_offer.id"), index=True)
    before: Mapped[OfferStatus | None] = mapped_column(enum_column(OfferStatus, name="before_status"))
    after: Mapped[OfferStatus] = mapped_column(enum_column(OfferStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
