"""Money views: payments, costs and remittances as the partners' pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.placements.naming import reference_of
from domain.remittances.model import (
    COST_NAMES,
    DIFFERENCE_NAMES,
    REMITTANCE_NAMES,
    CostStatus,
    Difference,
    RemittanceStatus,
    Way,
)
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

COST_KINDS = {CostStatus.TOLD: "waiting", CostStatus.ACCEPTED: "paid", CostStatus.REFUSED: "void"}
REMITTANCE_KINDS = {
    RemittanceStatus.TOLD: "waiting",
    RemittanceStatus.BANKED: "paid",
    RemittanceStatus.WITHDRAWN: "void",
}
WAY_WORDS = {Way.AGENT: N_("Paid to you"), Way.DIRECT: N_("Paid to us")}
"""Whom the debtor has paid, as a partner reads it."""
DIFFERENCE_WORDS = {
    **{each: words for each, words in DIFFERENCE_NAMES.items() if each is not Difference.NONE},
    Difference.OPEN: N_("Queried: please put it right"),
}
"""What a difference is called to the partner, who is the one to put it right; none has no words."""


@dataclass(frozen=True, slots=True)
class CollectionView:
    """Money that came in on a debt, or, below zero, went back."""

    id: int
    placement_id: int
    account_name: str
    reference: str | None
    way: str
    amount: Money
    commission: Money
    tax: Money
    received_on: date
    remitted: str | None
    may_bounce: bool

    @property
    def placement(self) -> str:
        """The reference of its placement."""
        return reference_of(self.placement_id)

    @property
    def is_back(self) -> bool:
        """Whether it takes an earlier one back."""
        return self.amount.minor < 0

    @property
    def bounce_path(self) -> str:
        """Where the partner says that it went back."""
        return f"/placements/{self.placement_id}/payments/{self.id}/bounce"


@dataclass(frozen=True, slots=True)
class CostView:
    """What was spent on a debt, and what we decided about it."""

    reference: str
    what: str
    amount: Money
    spent_on: date
    badge: tuple[str, str]
    why: str | None


@dataclass(frozen=True, slots=True)
class RemittanceView:
    """What was told of money that is paid over; `missing` by the card, below zero where it was too much."""

    id: int
    reference: str
    paid: Money
    remitted_on: date
    banked_on: date | None
    badge: tuple[str, str]
    difference: str | None
    missing: Money
    is_queried: bool

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/remittances/{self.id}"


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a remittance: as stated, and the commission with its tax by the card."""

    placement_id: int | None
    account_name: str | None
    reference: str | None
    corrects: str | None
    received_on: date | None
    amount: Money
    kept: Money
    by_card: Money


def collection_view(row: AnyRow) -> CollectionView:
    """A row of `partner_pages`."""
    by_us = row.way is Way.DIRECT
    return CollectionView(
        id=row.id,
        placement_id=row.placement_id,
        account_name=row.account_name,
        reference=row.reference,
        way=WAY_WORDS[row.way],
        amount=Money(row.amount_minor, row.currency),
        commission=Money(row.commission_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        received_on=row.received_on,
        remitted=row.remitted,
        may_bounce=not by_us and row.reverses_id is None and not row.has_gone_back,
    )


def cost_view(row: AnyRow) -> CostView:
    """A row of `partner_pages.costs`."""
    return CostView(
        row.reference,
        row.what,
        Money(row.amount_minor, row.currency),
        row.spent_on,
        (COST_KINDS[row.status], COST_NAMES[row.status]),
        row.why,
    )


def remittance_view(row: AnyRow) -> RemittanceView:
    """A row of `partner_pages.remittances`."""
    return RemittanceView(
        id=row.id,
        reference=row.reference,
        paid=Money(row.paid_minor, row.currency),
        remitted_on=row.remitted_on,
        banked_on=row.banked_on,
        badge=(REMITTANCE_KINDS[row.status], REMITTANCE_NAMES[row.status]),
        difference=DIFFERENCE_WORDS.get(row.difference),
        missing=Money(row.difference_minor, row.currency),
        is_queried=row.difference is Difference.OPEN,
    )


def line_view(row: AnyRow, currency: str) -> LineView:
    """A row of `listing.lines`; the card says nothing of what puts an earlier remittance right."""
    return LineView(
        placement_id=row.placement_id,
        account_name=row.account_name,
        reference=row.reference,
        corrects=row.corrects_reference,
        received_on=row.received_on,
        amount=Money(row.amount_minor, currency),
        kept=Money(row.commission_minor + row.tax_minor, currency),
        by_card=Money((row.card_commission_minor or 0) + (row.card_tax_minor or 0), currency),
    )
