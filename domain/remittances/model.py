"""Tables of agents' money: what was collected on placements, remittances, commission invoices, costs and payments."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.placements.model import Remits
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class Way(StrEnum):
    """Whom the debtor has paid: the partner, or us while the partner had the debt."""

    AGENT = "agent"
    DIRECT = "direct"


WAY_NAMES = {Way.AGENT: N_("Paid to the partner"), Way.DIRECT: N_("Paid to us")}
"""What each way is called on the screen."""

NOT_REVERSED_BY_AGENT = text("way = 'agent' AND reverses_id IS NULL")


class PlacedCollection(Base):
    """Money that came in on a placement, with the commission that is due on it by the placement's rate.

    A row with a negative amount takes (some of) an earlier one back: it bounced, or was paid back. `reference` is the
    partner's own, of what it collected. `received_on` is the day on which the partner, or we, received it.
    """

    __tablename__ = "placed_collection"

    id: Mapped[PrimaryKey]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    way: Mapped[Way] = mapped_column(enum_column(Way))
    reference: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    commission_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("placed_collection.id"), index=True)

    __table_args__ = (
        CheckConstraint("(amount_minor < 0) = (reverses_id IS NOT NULL) AND amount_minor <> 0", name="amount"),
        CheckConstraint("(way = 'agent') = (reference IS NOT NULL)", name="reference"),
        Index("ix_placed_collection_partner", "partner_id", "currency", "id"),
        Index("ix_placed_collection_account", "account_id", "id"),
        Index(
            "uq_placed_collection_reference",
            "placement_id",
            "reference",
            unique=True,
            postgresql_where=NOT_REVERSED_BY_AGENT,
            sqlite_where=NOT_REVERSED_BY_AGENT,
        ),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def amount(self) -> Money:
        """What counts for the placement; below zero where it takes something back."""
        return Money(self.amount_minor, self.currency)

    @property
    def commission(self) -> Money:
        """The commission on it, without tax."""
        return Money(self.commission_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax on the commission."""
        return Money(self.tax_minor, self.currency)

    @property
    def source(self) -> str:
        """How the entries of its commission name it."""
        return f"placed_collection:{self.id}"


class RemittanceStatus(StrEnum):
    """The stored states of a remittance."""

    TOLD = "told"
    BANKED = "banked"
    WITHDRAWN = "withdrawn"


REMITTANCE_NAMES = {
    RemittanceStatus.TOLD: N_("Told, its money is awaited"),
    RemittanceStatus.BANKED: N_("At the bank"),
    RemittanceStatus.WITHDRAWN: N_("Withdrawn"),
}
"""What each state is called on the screen."""


class Difference(StrEnum):
    """What became of what a partner kept, or paid over, beside its card."""

    NONE = "none"
    OPEN = "open"
    ACCEPTED = "accepted"
    MADE_GOOD = "made_good"


DIFFERENCE_NAMES = {
    Difference.NONE: N_("As the card says"),
    Difference.OPEN: N_("Queried: the partner is to put it right"),
    Difference.ACCEPTED: N_("Accepted by us"),
    Difference.MADE_GOOD: N_("Put right by the partner"),
}
"""What each is called on the screen."""


class Remittance(Base):
    """What a partner says it pays over, for which collections, and when that was at the bank.

    `paid_minor` is what comes to the bank: all that was collected (gross), or that less commission and tax (net).
    `difference_minor` is what of it is missing by the commission card: above zero the partner still owes it, below zero
    it paid too much. `difference_on` is the day on which that was accepted, or put right.
    """

    __tablename__ = "remittance"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    reference: Mapped[str] = mapped_column(String(64))
    currency: Mapped[CurrencyCode]
    remits: Mapped[Remits] = mapped_column(enum_column(Remits))
    status: Mapped[RemittanceStatus] = mapped_column(enum_column(RemittanceStatus))
    remitted_on: Mapped[date] = mapped_column(Date)
    paid_minor: Mapped[Minor]
    difference: Mapped[Difference] = mapped_column(enum_column(Difference))
    difference_minor: Mapped[int] = mapped_column(BigInteger)
    difference_on: Mapped[date | None] = mapped_column(Date)
    told_at: Mapped[Instant]
    banked_on: Mapped[date | None] = mapped_column(Date)
    bank_line_id: Mapped[int | None] = mapped_column(Key, unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_remittance_reference",
            "partner_id",
            "reference",
            unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
            sqlite_where=text("status <> 'withdrawn'"),
        ),
        CheckConstraint("paid_minor >= 0", name="paid"),
        CheckConstraint("(status = 'banked') = (banked_on IS NOT NULL)", name="banked"),
        CheckConstraint("(status = 'withdrawn') = (ended_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("(difference = 'none') = (difference_minor = 0)", name="difference_named"),
        CheckConstraint("(difference IN ('none', 'open')) = (difference_on IS NULL)", name="difference_day"),
        Index("ix_remittance_partner", "partner_id", "id"),
        Index("ix_remittance_status", "status", "difference", "id"),
    )

    @property
    def paid(self) -> Money:
        """What comes, or came, to the bank."""
        return Money(self.paid_minor, self.currency)

    @property
    def missing(self) -> Money:
        """What of it is missing by the card; below zero where too much was paid."""
        return Money(self.difference_minor, self.currency)

    @property
    def source(self) -> str:
        """How its entries name it."""
        return f"remittance:{self.id}"


LIVE_LINE = text("withdrawn_at IS NULL")


class RemittanceLine(Base):
    """One collection within a remittance, or the difference of an earlier remittance that this one puts right.

    Amounts are as the partner states them; what the card says is on the collection.
    """

    __tablename__ = "remittance_line"

    id: Mapped[PrimaryKey]
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"), index=True)
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("placed_collection.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    commission_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(collection_id IS NULL) <> (corrects_id IS NULL)", name="about"),
        Index(
            "uq_remittance_line_collection",
            "collection_id",
            unique=True,
            postgresql_where=LIVE_LINE,
            sqlite_where=LIVE_LINE,
        ),
        Index(
            "uq_remittance_line_corrects",
            "corrects_id",
            unique=True,
            postgresql_where=LIVE_LINE,
            sqlite_where=LIVE_LINE,
        ),
    )


class CommissionInvoice(Base):
    """A partner's invoice of its commission on what it remitted gross, or on what was paid to us.

    `net_minor` and `tax_minor` are what it states; what they are above the card is in `difference_minor`, and is
    payable only once it is accepted.
    """

    __tablename__ = "commission_invoice"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    reference: Mapped[str] = mapped_column(String(64))
    currency: Mapped[CurrencyCode]
    invoiced_on: Mapped[date] = mapped_column(Date)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    difference: Mapped[Difference] = mapped_column(enum_column(Difference))
    difference_minor: Mapped[int] = mapped_column(BigInteger)
    difference_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("partner_id", "reference"),
        CheckConstraint("(difference = 'none') = (difference_minor = 0)", name="difference_named"),
        CheckConstraint("(difference IN ('none', 'open')) = (difference_on IS NULL)", name="difference_day"),
    )

    @property
    def source(self) -> str:
        """How its entries name it."""
        return f"commission_invoice:{self.id}"


class CommissionInvoiceLine(Base):
    """A collection whose commission a partner invoices, once."""

    __tablename__ = "commission_invoice_line"

    id: Mapped[PrimaryKey]
    commission_invoice_id: Mapped[int] = mapped_column(ForeignKey("commission_invoice.id"), index=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("placed_collection.id"), unique=True)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


def was_invoiced() -> ColumnElement[bool]:
    """For a query over collections: that the partner has invoiced the commission on it."""
    return exists().where(CommissionInvoiceLine.collection_id == PlacedCollection.id)


class CostStatus(StrEnum):
    """The stored states of a cost."""

    TOLD = "told"
    ACCEPTED = "accepted"
    REFUSED = "refused"


COST_NAMES = {
    CostStatus.TOLD: N_("To be decided"),
    CostStatus.ACCEPTED: N_("Accepted"),
    CostStatus.REFUSED: N_("Refused"),
}
"""What each state is called on the screen."""


class PlacementCost(Base):
    """What a partner has spent on a placement and asks us for; payable once it is accepted."""

    __tablename__ = "placement_cost"

    id: Mapped[PrimaryKey]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(String(64))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    spent_on: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(Text)
    status: Mapped[CostStatus] = mapped_column(enum_column(CostStatus))
    told_at: Mapped[Instant]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("placement_id", "reference"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(status = 'told') = (decided_at IS NULL)", name="decided"),
        Index("ix_placement_cost_partner", "partner_id", "currency", "id"),
    )

    @property
    def amount(self) -> Money:
        """What was spent."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """How its entry names it."""
        return f"placement_cost:{self.id}"


class PaidFrom(StrEnum):
    """Where we paid a partner from: our bank, or what it owed us."""

    BANK = "bank"
    DUE = "due"


PAID_FROM_NAMES = {
    PaidFrom.BANK: N_("From our bank"),
    PaidFrom.DUE: N_("Set off against what it owed us"),
}
"""What each is called on the screen."""


class PartnerPayment(Base):
    """What we paid a partner of what was payable to it: commission that it invoiced, and costs."""

    __tablename__ = "partner_payment"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    paid_on: Mapped[date] = mapped_column(Date)
    paid_from: Mapped[PaidFrom] = mapped_column(enum_column(PaidFrom))
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def source(self) -> str:
        """How its entry names it."""
        return f"partner_payment:{self.id}"
