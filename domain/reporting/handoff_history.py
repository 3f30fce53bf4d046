"""Handoff history: what has come of debts as old as one, by each way that was gone with them; our own cases alone.

Each way is read in three queries at most, of the newest cases only. What is counted is in one currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import BigInteger, cast, func, or_, select
from sqlalchemy.orm import Session

from domain.placements.model import Closing, Partner, PartnerKind, Placement, PlacementInvoice, PlacementStatus
from domain.placements.routes.model import Route
from domain.plans.model import PaymentPlan, PlanInvoice, PlanStatus
from domain.plans.rules import stand
from domain.receivables.model import Allocation, CreditItem, Invoice, InvoiceKind, InvoiceStatus
from domain.remittances.model import CostStatus, PlacedCollection, PlacementCost
from domain.settlements import queries as settlements
from domain.settlements.model import OfferChange, OfferInvoice, OfferStatus, SettlementOffer
from domain.settlements.queries import MONEY
from domain.shared.db.session import today
from domain.shared.money import half_even

ENOUGH = 30
"""So many cases of our own say more than a table of others'."""
AGES = (0, 90, 180, 365)
"""From so many days late on: cases of one step are counted together."""
YEARS_BACK = timedelta(days=3 * 365)
WATCHED = timedelta(days=180)
"""For so long we look at what came of a debt that stayed with us."""
MOST = 1_000
"""So many cases of each way are read, the newest first."""
MOST_INVOICES = 2_000
"""So many invoices that stayed with us are read, the latest due first."""
ENDED_PLANS = (PlanStatus.COMPLETED, PlanStatus.DEFAULTED, PlanStatus.CANCELLED)
ENDED_OFFERS = (OfferStatus.FULFILLED, OfferStatus.BROKEN, OfferStatus.DECLINED, OfferStatus.EXPIRED)
BACK = (PlacementStatus.RECALLED, PlacementStatus.RETURNED, PlacementStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Case:
    """One case that has ended: how old it was when it began, what was asked for, what came, and after how long.

    `days` is None where nothing came. Amounts are in minor units.
    """

    age: int
    asked: int
    came: int
    days: int | None
    costs: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What cases of one way and age came to: the per cent that came, the days it took, and the costs of each."""

    many: int
    percent: Decimal
    days: int | None
    costs_minor: int


def step_of(late_days: int) -> tuple[int, int | None]:
    """The step of ages that a debt so many days late is in: from, and up to but without (None: no end)."""
    first = max(days for days in AGES if days <= max(late_days, 0))
    return first, next((days for days in AGES if days > first), None)


def past(cases: Iterable[Case], late_days: int) -> Past | None:
    """What the cases of the same step of ages came to; None where they are too few to say anything."""
    first, end = step_of(late_days)
    found = [each for each in cases if first <= each.age and (end is None or each.age < end)]
    asked = sum(each.asked for each in found)
    if len(found) < ENOUGH or not asked:
        return None
    came = min(max(sum(each.came for each in found), 0), asked)
    waited = [each.days for each in found if each.days is not None]
    return Past(
        many=len(found),
        percent=Decimal(half_even(Fraction(1000 * came, asked))).scaleb(-1),
        days=half_even(Fraction(sum(waited), len(waited))) if waited else None,
        costs_minor=half_even(Fraction(sum(each.costs for each in found), len(found))),
    )


def history(session: Session, currency: str, late_days: int) -> dict[Route, Past]:
    """What each way came to with debts as old as this; a way with too few cases is left out."""
    found = {
        Route.PLAN: past(_plans(session, currency), late_days),
        Route.SETTLEMENT: past(_settlements(session, currency), late_days),
        Route.AGENCY: past(_placed(session, currency, PartnerKind.AGENCY), late_days),
        Route.SUIT: past(_placed(session, currency, PartnerKind.ATTORNEY), late_days),
        Route.KEEP: past(_kept(session, currency, step_of(late_days)[0]), late_days),
    }
    return {route: one for route, one in found.items() if one is not None}


def _plans(session: Session, currency: str) -> list[Case]:
    """Signed plans that have ended: what of each was kept."""
    rows = session.execute(
        select(
            PaymentPlan.id,
            PaymentPlan.signed_on,
            PaymentPlan.ended_at,
            func.min(Invoice.due_on).label("due_on"),
        )
        .join(PlanInvoice, PlanInvoice.plan_id == PaymentPlan.id)
        .join(Invoice, Invoice.id == PlanInvoice.invoice_id)
        .where(
            PaymentPlan.status.in_(ENDED_PLANS),
            PaymentPlan.currency == currency,
            PaymentPlan.signed_on >= today(session) - YEARS_BACK,
        )
        .group_by(PaymentPlan.id, PaymentPlan.signed_on, PaymentPlan.ended_at)
        .order_by(PaymentPlan.id.desc())
        .limit(MOST)
    ).all()
    if len(rows) < ENOUGH:
        return []
    standing = stand(session, [row.id for row in rows])
    return [
        Case(
            age=(row.signed_on - row.due_on).days,
            asked=standing[row.id].total.minor,
            came=standing[row.id].covered.minor,
            days=_days(row.signed_on, row.ended_at.date()) if row.ended_at and standing[row.id].covered else None,
        )
        for row in rows
    ]


def _settlements(session: Session, currency: str) -> list[Case]:
    """Offers to settle that have ended: what of each came, those that nobody took among them."""
    fulfilled_at = (
        select(func.max(OfferChange.at))
        .where(OfferChange.offer_id == SettlementOffer.id, OfferChange.after == OfferStatus.FULFILLED)
        .correlate(SettlementOffer)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            SettlementOffer.id,
            SettlementOffer.status,
            SettlementOffer.amount_minor,
            SettlementOffer.made_at,
            fulfilled_at.label("fulfilled_at"),
            func.min(Invoice.due_on).label("due_on"),
        )
        .join(OfferInvoice, OfferInvoice.offer_id == SettlementOffer.id)
        .join(Invoice, Invoice.id == OfferInvoice.invoice_id)
        .where(
            SettlementOffer.status.in_(ENDED_OFFERS),
            SettlementOffer.currency == currency,
            SettlementOffer.expires_on >= today(session) - YEARS_BACK,
        )
        .group_by(
            SettlementOffer.id,
            SettlementOffer.status,
            SettlementOffer.amount_minor,
            SettlementOffer.made_at,
        )
        .order_by(SettlementOffer.id.desc())
        .limit(MOST)
    ).all()
    broken = settlements.paid(session, [row.id for row in rows if row.status is OfferStatus.BROKEN])
    return [
        Case(
            age=(row.made_at.date() - row.due_on).days,
            asked=row.amount_minor,
            came=row.amount_minor
            if row.status is OfferStatus.FULFILLED
            else min(broken.get(row.id, 0), row.amount_minor),
            days=_days(row.made_at.date(), row.fulfilled_at.date())
            if row.status is OfferStatus.FULFILLED and row.fulfilled_at
            else None,
        )
        for row in rows
    ]


def _placed(session: Session, currency: str, kind: PartnerKind) -> list[Case]:
    """What came back from partners of a kind, or was closed there; not what fell away."""
    due_on = (
        select(func.min(Invoice.due_on))
        .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
        .where(PlacementInvoice.placement_id == Placement.id, PlacementInvoice.placed_minor.is_not(None))
        .correlate(Placement)
        .scalar_subquery()
    )
    came = (
        select(cast(func.coalesce(func.sum(PlacedCollection.amount_minor), 0), BigInteger))
        .where(PlacedCollection.placement_id == Placement.id)
        .correlate(Placement)
        .scalar_subquery()
    )
    last_on = (
        select(func.max(PlacedCollection.received_on))
        .where(PlacedCollection.placement_id == Placement.id)
        .correlate(Placement)
        .scalar_subquery()
    )
    costs = (
        select(cast(func.coalesce(func.sum(PlacementCost.amount_minor), 0), BigInteger))
        .where(PlacementCost.placement_id == Placement.id, PlacementCost.status == CostStatus.ACCEPTED)
        .correlate(Placement)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Placement.placed_minor,
            Placement.sent_at,
            due_on.label("due_on"),
            came.label("came"),
            last_on.label("last_on"),
            costs.label("costs"),
        )
        .join(Partner, Partner.id == Placement.partner_id)
        .where(
            Partner.kind == kind,
            Placement.currency == currency,
            Placement.status.in_(BACK),
            Placement.sent_at.is_not(None),
            or_(Placement.closing.is_(None), Placement.closing != Closing.WITHDRAWN),
        )
        .order_by(Placement.id.desc())
        .limit(MOST)
    )
    return [
        Case(
            age=(row.sent_at.date() - row.due_on).days,
            asked=row.placed_minor,
            came=row.came,
            days=_days(row.sent_at.date(), row.last_on) if row.last_on and row.came > 0 else None,
            costs=row.costs,
        )
        for row in rows
    ]


def _kept(session: Session, currency: str, first: int) -> list[Case]:
    """Invoices that got so many days late and stayed with us: what of each came within the days that we watch."""
    day = today(session)
    elsewhere = (
        select(PlacementInvoice.invoice_id)
        .where(PlacementInvoice.placed_minor.is_not(None))
        .union(
            select(PlanInvoice.invoice_id).where(PlanInvoice.open_minor.is_not(None)),
            select(OfferInvoice.invoice_id),
        )
    )
    chosen = (
        select(Invoice.id, Invoice.due_on, Invoice.amount_minor)
        .where(
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.currency == currency,
            Invoice.due_on.between(day - YEARS_BACK, day - timedelta(days=first) - WATCHED),
            Invoice.id.not_in(elsewhere),
        )
        .order_by(Invoice.due_on.desc(), Invoice.id.desc())
        .limit(MOST_INVOICES)
    )
    invoices = session.execute(chosen).all()
    if len(invoices) < ENOUGH:
        return []
    settled: dict[int, list[tuple[date, int, bool]]] = defaultdict(list)
    for paid in session.execute(
        select(Allocation.invoice_id, Allocation.effective_on, Allocation.amount_minor, CreditItem.kind)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id.in_([row.id for row in invoices]))
    ):
        settled[paid.invoice_id].append((paid.effective_on, paid.amount_minor, paid.kind in MONEY))
    found = []
    for row in invoices:
        start = row.due_on + timedelta(days=max(first, 1))
        left = row.amount_minor - sum(minor for on, minor, _ in settled[row.id] if on < start)
        came = [(on, minor) for on, minor, is_money in settled[row.id] if is_money and start <= on < start + WATCHED]
        if left > 0:
            total = sum(minor for _, minor in came)
            last_on = max((on for on, _ in came), default=start)
            found.append(Case(first, left, total, _days(start, last_on) if total > 0 else None))
    return found


def _days(first: date, last: date) -> int:
    return max((last - first).days, 0)
