"""Tables of write-offs: what was given up on which invoice, tax claimed back for it, and what came in all the same."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class WriteOffKind(StrEnum):
    """What is given up: its value in the books, while the customer still owes it; or the debt itself."""

    ACCOUNTING = "accounting"
    RELEASE = "release"


WRITE_OFF_KINDS = {
    WriteOffKind.ACCOUNTING: N_("In the books alone: the customer still owes it"),
    WriteOffKind.RELEASE: N_("For good: the customer owes it no longer"),
}
"""What each kind is called on the screen."""


class WriteOffStatus(StrEnum):
    """The stored states."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    DROPPED = "dropped"
    STANDING = "standing"
    RECOVERED = "recovered"
    RELEASED = "released"
    TAKEN_BACK = "taken_back"


_W = WriteOffStatus
ARROWS: dict[WriteOffStatus, frozenset[WriteOffStatus]] = {
    _W.PROPOSED: frozenset({_W.DECLINED, _W.DROPPED, _W.STANDING, _W.RELEASED}),
    _W.STANDING: frozenset({_W.RECOVERED, _W.RELEASED, _W.TAKEN_BACK}),
    _W.RECOVERED: frozenset({_W.STANDING}),
    _W.RELEASED: frozenset({_W.TAKEN_BACK}),
    _W.DECLINED: frozenset(),
    _W.DROPPED: frozenset(),
    _W.TAKEN_BACK: frozenset(),
}
"""Which state may follow which."""

WRITE_OFF_NAMES = {
    _W.PROPOSED: N_("Proposed, waits for approval"),
    _W.DECLINED: N_("Not approved"),
    _W.DROPPED: N_("Dropped: nothing is open any more"),
    _W.STANDING: N_("Written off in the books"),
    _W.RECOVERED: N_("Settled after all"),
    _W.RELEASED: N_("Given up for good"),
    _W.TAKEN_BACK: N_("Taken back"),
}
"""What each state is called on the screen."""

LIVE = text("status IN ('proposed', 'standing')")


class WriteOff(Base):
    """What is given up of one invoice. `left_minor` is what of it stands: nothing came in for it yet.

    In the books alone: bad debt against an allowance, and the invoice stays open. For good: bad debt, or the allowance,
    against the receivable, and the invoice is settled by a credit item. `tax_minor` is the tax within it.
    `made_after_id` is the account's last allocation when it was written off in the books, and `seen_id` the last one
    that it has followed: what came in between them stands as recoveries.
    """

    __tablename__ = "write_off"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    kind: Mapped[WriteOffKind] = mapped_column(enum_column(WriteOffKind))
    status: Mapped[WriteOffStatus] = mapped_column(enum_column(WriteOffStatus))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    left_minor: Mapped[Minor]
    reason: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[Instant]
    written_on: Mapped[date | None] = mapped_column(Date)
    released_on: Mapped[date | None] = mapped_column(Date)
    made_after_id: Mapped[int | None] = mapped_column(Key)
    seen_id: Mapped[int | None] = mapped_column(Key)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name="tax"),
        CheckConstraint("left_minor >= 0 AND left_minor <= amount_minor", name="left"),
        CheckConstraint("(status = 'released') <= (released_on IS NOT NULL)", name="released"),
        CheckConstraint("(status IN ('standing', 'recovered')) <= (made_after_id IS NOT NULL)", name="written"),
        CheckConstraint("(made_after_id IS NULL) = (seen_id IS NULL)", name="seen"),
        Index("uq_write_off_live", "invoice_id", unique=True, postgresql_where=LIVE, sqlite_where=LIVE),
        Index("ix_write_off_account", "account_id", "id"),
        Index("ix_write_off_status", "status", "id"),
    )

    @property
    def amount(self) -> Money:
        """What was given up."""
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        """What of it stands."""
        return Money(self.left_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax within it."""
        return Money(self.tax_minor, self.currency)

    @property
    def source(self) -> str:
        """How entries, items and stops name it."""
        return f"write_off:{self.id}"


class WriteOffChange(Base):
    """One change of a write-off's state: who, when, why."""

    __tablename__ = "write_off_change"

    id: Mapped[PrimaryKey]
    write_off_id: Mapped[int] = mapped_column(ForeignKey("write_off.id"), index=True)
    before: Mapped[WriteOffStatus | None] = mapped_column(enum_column(WriteOffStatus, name="before_status"))
    after: Mapped[WriteOffStatus] = mapped_column(enum_column(WriteOffStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class Recovery(Base):
    """What came in for what was written off in the books, or was credited; a negative amount takes one back.

    Which of the two, its allocation's credit item says. `relief_minor` is the tax that was claimed back for it before
    and is repaid with it.
    """

    __tablename__ = "write_off_recovery"

    id: Mapped[PrimaryKey]
    write_off_id: Mapped[int] = mapped_column(ForeignKey("write_off.id"), index=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    relief_minor: Mapped[int] = mapped_column(BigInteger)
    effective_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )

    @property
    def source(self) -> str:
        """How its entry names it."""
        return f"recovery:{self.id}"


class TaxRelief(Base):
    """Tax on a bad debt that was claimed back from the tax office, once for a write-off.

    `of_minor` is what of the write-off stood then: as that comes in, the tax is repaid with it, to the last unit.
    """

    __tablename__ = "tax_relief"

    id: Mapped[PrimaryKey]
    write_off_id: Mapped[int] = mapped_column(ForeignKey("write_off.id"))
    amount_minor: Mapped[Minor]
    of_minor: Mapped[Minor]
    relieved_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("write_off_id"),
        CheckConstraint("amount_minor > 0 AND amount_minor <= of_minor", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )
