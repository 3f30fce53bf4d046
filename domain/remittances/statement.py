"""Statement: all that happened between us and a partner, with what it owes us, what is accrued and what is payable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, and_, cast, func, select
from sqlalchemy.orm import Session

from domain.placements.model import Remits
from domain.remittances.model import (
    CommissionInvoice,
    CommissionInvoiceLine,
    CostStatus,
    Difference,
    PaidFrom,
    PartnerPayment,
    PlacedCollection,
    PlacementCost,
    Remittance,
    RemittanceLine,
    RemittanceStatus,
    Way,
)
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money


class LineKind(StrEnum):
    """What a line of a partner's statement is about."""

    COLLECTED = "collected"
    WENT_BACK = "went_back"
    PAID_TO_US = "paid_to_us"
    PAID_BACK_BY_US = "paid_back_by_us"
    REMITTED = "remitted"
    DIFFERENCE = "difference"
    INVOICED = "invoiced"
    COST = "cost"
    PAID = "paid"
    SET_OFF = "set_off"


LINE_NAMES = {
    LineKind.COLLECTED: N_("Collected by the partner"),
    LineKind.WENT_BACK: N_("Went back at the partner"),
    LineKind.PAID_TO_US: N_("Paid to us by the debtor"),
    LineKind.PAID_BACK_BY_US: N_("Went back with us"),
    LineKind.REMITTED: N_("Remitted, with commission and tax kept"),
    LineKind.DIFFERENCE: N_("Difference accepted"),
    LineKind.INVOICED: N_("Commission invoiced"),
    LineKind.COST: N_("Costs accepted"),
    LineKind.PAID: N_("Paid to the partner"),
    LineKind.SET_OFF: N_("Set off"),
}
"""What each is called on paper."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Due from the partner; commission accrued and not invoiced; payable to the partner."""

    due: Money
    accrued: Money
    payable: Money

    def __add__(self, other: Stand) -> Stand:
        return Stand(self.due + other.due, self.accrued + other.accrued, self.payable + other.payable)

    @classmethod
    def nothing(cls, currency: str) -> Stand:
        """All three at zero."""
        return cls(Money.zero(currency), Money.zero(currency), Money.zero(currency))


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One thing that happened, by how much it moved each of the three, and where to look: a placement, a remittance."""

    on: date
    kind: LineKind
    reference: str
    moved: Stand
    placement_id: int | None = None


@dataclass(frozen=True, slots=True)
class PartnerStatement:
    """A partner's statement of a period in one currency."""

    currency: str
    first: date
    last: date
    opening: Stand
    lines: tuple[StatementLine, ...]
    closing: Stand


def statement(session: Session, partner_id: int, currency: str, first: date, last: date) -> PartnerStatement:
    """What stood when a period began, each thing that happened in it, and what stands at its end."""
    opening = Stand.nothing(currency)
    lines = []
    for line in _lines(session, partner_id, currency):
        if line.on < first:
            opening += line.moved
        elif line.on <= last:
            lines.append(line)
    closing = opening
    for line in lines:
        closing += line.moved
    return PartnerStatement(currency, first, last, opening, tuple(lines), closing)


def standing(session: Session, partner_id: int) -> dict[str, Stand]:
    """What stands between us and a partner now, by currency."""
    found: dict[str, Stand] = {}
    for currency in currencies(session, partner_id):
        stand = Stand.nothing(currency)
        for line in _lines(session, partner_id, currency):
            stand += line.moved
        found[currency] = stand
    return found


def currencies(session: Session, partner_id: int) -> list[str]:
    """The currencies in which anything has happened with a partner."""
    found: set[str] = set()
    for table in (PlacedCollection, PlacementCost, PartnerPayment, Remittance, CommissionInvoice):
        found |= set(session.scalars(select(table.currency).where(table.partner_id == partner_id).distinct()))
    return sorted(found)


def _lines(session: Session, partner_id: int, currency: str) -> list[StatementLine]:
    parts = (_collected, _remitted, _invoiced, _costs, _paid)
    found = [line for part in parts for line in part(session, partner_id, currency)]
    return sorted(found, key=lambda line: line.on)


def _moved(currency: str, *, due: int = 0, accrued: int = 0, payable: int = 0) -> Stand:
    return Stand(Money(due, currency), Money(accrued, currency), Money(payable, currency))


def _collected(session: Session, partner_id: int, currency: str) -> Iterator[StatementLine]:
    rows = session.execute(
        select(
            PlacedCollection.placement_id,
            PlacedCollection.way,
            PlacedCollection.reference,
            PlacedCollection.amount_minor,
            PlacedCollection.commission_minor,
            PlacedCollection.received_on,
        )
        .where(PlacedCollection.partner_id == partner_id, PlacedCollection.currency == currency)
        .order_by(PlacedCollection.id)
    )
    for row in rows:
        if row.way is Way.AGENT:
            kind = LineKind.COLLECTED if row.amount_minor > 0 else LineKind.WENT_BACK
            moved = _moved(currency, due=row.amount_minor)
        else:
            kind = LineKind.PAID_TO_US if row.amount_minor > 0 else LineKind.PAID_BACK_BY_US
            moved = _moved(currency, accrued=row.commission_minor)
        yield StatementLine(row.received_on, kind, row.reference or "", moved, row.placement_id)


def _remitted(session: Session, partner_id: int, currency: str) -> Iterator[StatementLine]:
    kept = cast(func.coalesce(func.sum(PlacedCollection.commission_minor + PlacedCollection.tax_minor), 0), BigInteger)
    rows = session.execute(
        select(
            Remittance.id,
            Remittance.reference,
            Remittance.remits,
            Remittance.banked_on,
            Remittance.paid_minor,
            Remittance.difference,
            Remittance.difference_minor,
            Remittance.difference_on,
            kept.label("kept"),
        )
        .outerjoin(RemittanceLine, RemittanceLine.remittance_id == Remittance.id)
        .outerjoin(PlacedCollection, PlacedCollection.id == RemittanceLine.collection_id)
        .where(
            Remittance.partner_id == partner_id,
            Remittance.currency == currency,
            Remittance.status == RemittanceStatus.BANKED,
        )
        .group_by(Remittance.id)
        .order_by(Remittance.id)
    )
    for row in rows:
        out = row.paid_minor + (row.kept if row.remits is Remits.NET else 0)
        yield StatementLine(row.banked_on, LineKind.REMITTED, row.reference, _moved(currency, due=-out))
        if row.difference is Difference.ACCEPTED:
            moved = _moved(currency, due=-row.difference_minor)
            yield StatementLine(row.difference_on, LineKind.DIFFERENCE, row.reference, moved)


def _invoiced(session: Session, partner_id: int, currency: str) -> Iterator[StatementLine]:
    fees = PlacedCollection.commission_minor + PlacedCollection.tax_minor
    direct = func.sum(PlacedCollection.commission_minor).filter(PlacedCollection.way == Way.DIRECT)
    rows = session.execute(
        select(
            CommissionInvoice.reference,
            CommissionInvoice.invoiced_on,
            CommissionInvoice.difference,
            CommissionInvoice.difference_minor,
            CommissionInvoice.difference_on,
            cast(func.sum(fees), BigInteger).label("fees"),
            cast(func.coalesce(direct, 0), BigInteger).label("direct"),
        )
        .join(CommissionInvoiceLine, CommissionInvoiceLine.commission_invoice_id == CommissionInvoice.id)
        .join(PlacedCollection, PlacedCollection.id == CommissionInvoiceLine.collection_id)
        .where(CommissionInvoice.partner_id == partner_id, CommissionInvoice.currency == currency)
        .group_by(CommissionInvoice.id)
        .order_by(CommissionInvoice.id)
    )
    for row in rows:
        moved = _moved(currency, accrued=-row.direct, payable=row.fees)
        yield StatementLine(row.invoiced_on, LineKind.INVOICED, row.reference, moved)
        if row.difference is Difference.ACCEPTED:
            moved = _moved(currency, payable=row.difference_minor)
            yield StatementLine(row.difference_on, LineKind.DIFFERENCE, row.reference, moved)


def _costs(session: Session, partner_id: int, currency: str) -> Iterator[StatementLine]:
    zone = business(session).time_zone
    rows = session.scalars(
        select(PlacementCost)
        .where(
            and_(PlacementCost.partner_id == partner_id, PlacementCost.currency == currency),
            PlacementCost.status == CostStatus.ACCEPTED,
        )
        .order_by(PlacementCost.id)
    )
    for cost in rows:
        assert cost.decided_at is not None
        moved = _moved(currency, payable=cost.amount_minor)
        yield StatementLine(day_in(cost.decided_at, zone), LineKind.COST, cost.reference, moved, cost.placement_id)


def _paid(session: Session, partner_id: int, currency: str) -> Iterator[StatementLine]:
    rows = session.scalars(
        select(PartnerPayment)
        .where(PartnerPayment.partner_id == partner_id, PartnerPayment.currency == currency)
        .order_by(PartnerPayment.id)
    )
    for payment in rows:
        is_set_off = payment.paid_from is PaidFrom.DUE
        due = -payment.amount_minor if is_set_off else 0
        kind = LineKind.SET_OFF if is_set_off else LineKind.PAID
        moved = _moved(currency, due=due, payable=-payment.amount_minor)
        yield StatementLine(payment.paid_on, kind, payment.note or "", moved)
