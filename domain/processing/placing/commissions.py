"""Commissions: at which rate a placement bears commission, and what customers paid to us while a partner had it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, cast, exists, func, select
from sqlalchemy.orm import Session

from domain.legal_cases.model import LegalCase
from domain.outbox import sending as outbox
from domain.payments.model import Payment, PaymentMethod
from domain.placements import cards
from domain.placements.model import PLACED, CommissionCard, Placement, PlacementInvoice
from domain.receivables.model import Allocation, CreditItem, CreditKind
from domain.remittances import collections
from domain.remittances.messages import TellPartnerOfPayment
from domain.remittances.model import PlacedCollection, Way
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Rate:
    """What a partner takes, in hundredths of a per cent, and the tax on that in per cent."""

    rate_bp: int
    tax_percent: Decimal


def rate_of(session: Session, placement: Placement, on: date) -> Rate:
    """The rate that was frozen when it was sent, and what its card adds once a case of it is before a court."""
    card = cards.card_of(
        session.scalars(select(CommissionCard.terms).where(CommissionCard.id == placement.card_id)).one()
    )
    before_court = exists().where(LegalCase.placement_id == placement.id, LegalCase.filed_on <= on)
    more = card.legal_percent * 100 if session.scalar(select(before_court)) else Decimal(0)
    return Rate(min((placement.rate_bp or 0) + int(more), cards.WHOLE), card.tax_percent)


def follow_account(session: Session, account_id: int, invoice_ids: Collection[int] | None) -> int:
    """Accrue commission on what was paid to us on placed invoices of a locked account, and take back what went back.

    Before the placements themselves follow, since one that is paid is closed then. Credit notes, discounts and what is
    given up bear none. Safe to repeat: only what differs from what is written down is added; how many rows.
    """
    session.flush()
    added = 0
    for row in _differing(session, account_id, invoice_ids):
        placement = session.get_one(Placement, row.placement_id)
        there = Money(row.allocated_minor - row.counted_minor, placement.currency)
        if there.minor > 0 and placement.status not in PLACED and not row.was_counted:
            continue
        if there.minor > 0:
            rate = rate_of(session, placement, row.effective_on)
            collection = collections.add(
                session,
                placement,
                row.payment_id,
                there,
                way=Way.DIRECT,
                rate_bp=rate.rate_bp,
                tax_percent=rate.tax_percent,
                received_on=row.effective_on,
            )
            _tell(session, collection)
            added += 1
        else:
            added += _take_back(session, placement, row.payment_id, -there)
    return added


def _take_back(session: Session, placement: Placement, payment_id: int, amount: Money) -> int:
    """Take so much back of what was counted of a payment, the newest row first, at the rate that each had."""
    rows = session.scalars(
        select(PlacedCollection)
        .where(
            PlacedCollection.placement_id == placement.id,
            PlacedCollection.payment_id == payment_id,
            PlacedCollection.way == Way.DIRECT,
            PlacedCollection.reverses_id.is_(None),
        )
        .order_by(PlacedCollection.id.desc())
    ).all()
    added, left = 0, amount
    for row in rows:
        part = min(collections.standing(session, row).amount, left)
        if part.minor <= 0:
            continue
        rate = rate_of(session, placement, row.received_on)
        reversal = collections.add(
            session,
            placement,
            payment_id,
            -part,
            way=Way.DIRECT,
            rate_bp=rate.rate_bp,
            tax_percent=rate.tax_percent,
            received_on=today(session),
            reverses=row,
        )
        _tell(session, reversal)
        added, left = added + 1, left - part
    return added


def _tell(session: Session, collection: PlacedCollection) -> None:
    outbox.add(session, TellPartnerOfPayment(collection.id), account_id=collection.account_id)


def _differing(session: Session, account_id: int, invoice_ids: Collection[int] | None) -> list[AnyRow]:
    """The payments to us of which something else stands on placed invoices than is counted for their placements.

    Only those that came while the debt lay with the partner. By partner, so that everybody posts in their streams in
    one order.
    """
    allocated = (
        select(
            PlacementInvoice.placement_id,
            Placement.partner_id,
            Payment.id.label("payment_id"),
            Payment.effective_on,
            cast(func.sum(Allocation.amount_minor), BigInteger).label("allocated_minor"),
        )
        .join(Placement, Placement.id == PlacementInvoice.placement_id)
        .join(Allocation, Allocation.invoice_id == PlacementInvoice.invoice_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .join(Payment, Payment.public_id == CreditItem.source)
        .where(
            Placement.account_id == account_id,
            PlacementInvoice.placed_minor.is_not(None),
            CreditItem.kind == CreditKind.PAYMENT,
            Payment.method != PaymentMethod.AGENT,
            Payment.recorded_at >= Placement.sent_at,
            Placement.ended_at.is_(None) | (Payment.recorded_at <= Placement.ended_at),
        )
        .group_by(PlacementInvoice.placement_id, Placement.partner_id, Payment.id, Payment.effective_on)
    )
    if invoice_ids is not None:
        about = select(PlacementInvoice.placement_id).where(PlacementInvoice.invoice_id.in_(invoice_ids))
        allocated = allocated.where(PlacementInvoice.placement_id.in_(about))
    sums = allocated.subquery()
    counted = (
        select(cast(func.coalesce(func.sum(PlacedCollection.amount_minor), 0), BigInteger))
        .where(
            PlacedCollection.placement_id == sums.c.placement_id,
            PlacedCollection.payment_id == sums.c.payment_id,
            PlacedCollection.way == Way.DIRECT,
        )
        .correlate(sums)
        .scalar_subquery()
    )
    was_counted = (
        select(func.count(PlacedCollection.id) > 0)
        .where(
            PlacedCollection.placement_id == sums.c.placement_id,
            PlacedCollection.payment_id == sums.c.payment_id,
        )
        .correlate(sums)
        .scalar_subquery()
    )
    return list(
        session.execute(
            select(sums, counted.label("counted_minor"), was_counted.label("was_counted"))
            .where(sums.c.allocated_minor != counted)
            .order_by(sums.c.partner_id, sums.c.placement_id, sums.c.payment_id)
        ).all()
    )
