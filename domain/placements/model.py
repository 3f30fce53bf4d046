"""Tables of handoffs: partners and their commission cards, what was placed with whom, and every change of its state."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.policies.sections import Part
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class PartnerKind(StrEnum):
    """Who acts for us."""

    AGENCY = "agency"
    ATTORNEY = "attorney"


PARTNER_KINDS = {PartnerKind.AGENCY: N_("Collection agency"), PartnerKind.ATTORNEY: N_("Attorney")}
"""What each kind is called on the screen."""


class Remits(StrEnum):
    """What a partner pays over of what it has collected: all of it, or what is left after its commission."""

    GROSS = "gross"
    NET = "net"


REMITS_NAMES = {
    Remits.GROSS: N_("All that it collects; its commission is invoiced"),
    Remits.NET: N_("What it collects, less its commission"),
}
"""What each way is called on the screen."""


class Partner(Base):
    """An agency or an attorney that we hand debts to; one that has ended gets no new ones.

    `countries` are those that it acts in, as ISO 3166 codes; none named: in all. It returns a debt of which nothing
    has come after `term_days`, and may let a debtor settle for up to `settle_percent` per cent less without asking.
    """

    __tablename__ = "partner"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[PartnerKind] = mapped_column(enum_column(PartnerKind))
    contact_name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    countries: Mapped[list[str]] = mapped_column(JSON)
    specialities: Mapped[str | None] = mapped_column(Text)
    remits: Mapped[Remits] = mapped_column(enum_column(Remits))
    term_days: Mapped[int]
    settle_percent: Mapped[int]
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("term_days BETWEEN 1 AND 3650", name="term_days"),
        CheckConstraint("settle_percent BETWEEN 0 AND 99", name="settle_percent"),
    )


class CommissionCard(Base):
    """What a partner takes of what it collects, from a day on; `terms` are kept as `cards.Card` wrote them."""

    __tablename__ = "commission_card"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    number: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (UniqueConstraint("partner_id", "number"), {"info": {APPEND_ONLY: True}})


class PlacementStatus(StrEnum):
    """The stored states."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    DROPPED = "dropped"
    SENT = "sent"
    REFUSED = "refused"
    ACTIVE = "active"
    HELD = "held"
    RECALLED = "recalled"
    RETURNED = "returned"
    CLOSED = "closed"


_S = PlacementStatus
_TAKEN_BACK = frozenset({_S.RECALLED, _S.RETURNED, _S.CLOSED})
ARROWS: dict[PlacementStatus, frozenset[PlacementStatus]] = {
    _S.PROPOSED: frozenset({_S.APPROVED, _S.DECLINED, _S.DROPPED}),
    _S.APPROVED: frozenset({_S.SENT, _S.DROPPED, _S.DECLINED}),
    _S.SENT: frozenset({_S.ACTIVE, _S.REFUSED, _S.RECALLED, _S.CLOSED}),
    _S.ACTIVE: frozenset({_S.HELD}) | _TAKEN_BACK,
    _S.HELD: frozenset({_S.ACTIVE}) | _TAKEN_BACK,
    _S.CLOSED: frozenset({_S.ACTIVE}),
    _S.DECLINED: frozenset(),
    _S.DROPPED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.RECALLED: frozenset(),
    _S.RETURNED: frozenset(),
}
"""Which state may follow which; what was closed as paid is active again where the payment goes back."""
OURS = frozenset({_S.PROPOSED, _S.APPROVED})
"""Nobody outside knows of it yet."""
PLACED = frozenset({_S.SENT, _S.ACTIVE, _S.HELD})
"""It lies with the partner: we do not chase it."""

PLACEMENT_NAMES = {
    _S.PROPOSED: N_("Proposed, waits for approval"),
    _S.APPROVED: N_("Approved, to be sent"),
    _S.DECLINED: N_("Not approved"),
    _S.DROPPED: N_("Dropped: the reasons for it are gone"),
    _S.SENT: N_("Sent, waits for the partner"),
    _S.REFUSED: N_("Refused by the partner"),
    _S.ACTIVE: N_("With the partner"),
    _S.HELD: N_("With the partner, on hold"),
    _S.RECALLED: N_("Recalled by us"),
    _S.RETURNED: N_("Returned by the partner"),
    _S.CLOSED: N_("Closed"),
}
"""What each state is called on the screen."""


class Closing(StrEnum):
    """What a placement that was closed came to."""

    PAID = "paid"
    SETTLED = "settled"
    UNCOLLECTABLE = "uncollectable"
    WITHDRAWN = "withdrawn"


CLOSING_NAMES = {
    Closing.PAID: N_("Paid"),
    Closing.SETTLED: N_("Settled for less"),
    Closing.UNCOLLECTABLE: N_("Cannot be collected"),
    Closing.WITHDRAWN: N_("The debt fell away: credited, or withdrawn"),
}
"""What each end is called on the screen."""


class Placement(Base):
    """Late invoices of one account, handed to one partner, or about to be.

    `findings` are the criteria as they were when it was proposed. When it is sent, what is open is frozen as
    `placed_minor`, and the commission as `rate_bp` (hundredths of a per cent) of the card in force. `turn` is which
    time it is that one of its invoices is placed. `barred_why` is why it goes although it can no longer be enforced.
    """

    __tablename__ = "placement"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    currency: Mapped[CurrencyCode]
    status: Mapped[PlacementStatus] = mapped_column(enum_column(PlacementStatus))
    turn: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(Key)
    reason: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    proposed_minor: Mapped[Minor]
    proposed_at: Mapped[Instant]
    card_id: Mapped[int | None] = mapped_column(ForeignKey("commission_card.id"))
    rate_bp: Mapped[int | None]
    placed_minor: Mapped[Minor | None]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returns_on: Mapped[date | None] = mapped_column(Date)
    barred_why: Mapped[str | None] = mapped_column(Text)
    closing: Mapped[Closing | None] = mapped_column(enum_column(Closing))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("proposed_minor > 0", name="proposed"),
        CheckConstraint("placed_minor IS NULL OR placed_minor > 0", name="placed"),
        CheckConstraint("(status = 'closed') = (closing IS NOT NULL)", name="closed"),
        CheckConstraint(
            "(sent_at IS NULL) = (placed_minor IS NULL) AND (sent_at IS NULL) = (rate_bp IS NULL)"
            " AND (sent_at IS NULL) = (card_id IS NULL) AND (sent_at IS NULL) = (returns_on IS NULL)",
            name="sent",
        ),
        CheckConstraint("rate_bp IS NULL OR rate_bp BETWEEN 0 AND 10000", name="rate"),
        Index("ix_placement_account", "account_id", "id"),
        Index("ix_placement_status", "status", "id"),
        Index("ix_placement_partner", "partner_id", "status", "id"),
    )

    @property
    def source(self) -> str:
        """How the stops that it writes name it."""
        return f"placement:{self.id}"


class PlacementInvoice(Base):
    """An invoice within a placement: which part of a debt it is, what was open when it was proposed, and when sent.

    `placed_minor` stays empty where the invoice was no longer to be placed when the rest was sent.
    """

    __tablename__ = "placement_invoice"

    id: Mapped[PrimaryKey]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    part: Mapped[Part] = mapped_column(enum_column(Part))
    proposed_minor: Mapped[Minor]
    placed_minor: Mapped[Minor | None]

    __table_args__ = (
        UniqueConstraint("placement_id", "invoice_id"),
        CheckConstraint("proposed_minor > 0", name="proposed"),
        CheckConstraint("placed_minor IS NULL OR placed_minor > 0", name="placed"),
    )

    def placed(self, currency: str) -> Money:
        """What of it was handed over; nothing where it was not."""
        return Money(self.placed_minor or 0, currency)


class PlacementChange(Base):
    """One change of a placement's state: who, when, why."""

    __tablename__ = "placement_change"

    id: Mapped[PrimaryKey]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    before: Mapped[PlacementStatus | None] = mapped_column(enum_column(PlacementStatus, name="before_status"))
    after: Mapped[PlacementStatus] = mapped_column(enum_column(PlacementStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)
