"""Settleable: which late invoices could be settled for less, and what keeps the others from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.receivables.held import held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.settlements.model import OfferInvoice, OfferStatus, SettlementOffer
from domain.shared.db.rows import AnyRow, AnyRows
from domain.stops.model import Stop, StopKind, StopLift

ELSEWHERE = frozenset(
    {
        StopKind.DISPUTE,
        StopKind.CHARGEBACK,
        StopKind.PLAN,
        StopKind.PLAN_BEARING,
        StopKind.OFFER,
        StopKind.PLACEMENT,
        StopKind.INSOLVENCY,
        StopKind.BREATHING_SPACE,
    }
)
"""What these stops hold is contested, or settled in another way: it cannot be offered for less."""


def settleable(
    session: Session,
    account_ids: Collection[int],
    day: date,
    *,
    but: int | None = None,
    placement_id: int | None = None,
) -> dict[int, AnyRows]:
    """The late invoices of these accounts that could be settled for less, the oldest due first, by account.

    What is contested, on a plan, offered already or placed (by another placement than `placement_id`) is left out, and
    so is what an offer is about that waits for approval (another one than `but`).
    """
    waiting = (
        select(OfferInvoice.invoice_id)
        .join(SettlementOffer, SettlementOffer.id == OfferInvoice.offer_id)
        .where(
            SettlementOffer.account_id.in_(account_ids),
            SettlementOffer.status == OfferStatus.AWAITING_APPROVAL,
            SettlementOffer.id != (but or 0),
        )
    )
    held = _held(session, account_ids, placement_id)
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.account_id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
        )
        .where(
            Invoice.account_id.in_(account_ids),
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on < day,
            Invoice.id.not_in(waiting),
        )
        .order_by(Invoice.due_on, Invoice.id)
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        if row.id not in held:
            found[row.account_id].append(row)
    return dict(found)


def _held(session: Session, account_ids: Collection[int], placement_id: int | None) -> Collection[int]:
    """The invoices that stops hold elsewhere; those of this placement do not count."""
    if placement_id is None:
        return held_parts(session, account_ids, ELSEWHERE).keys()
    placed_otherwise = (
        select(Stop.invoice_id)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .where(
            Stop.account_id.in_(account_ids),
            Stop.kind == StopKind.PLACEMENT,
            Stop.invoice_id.is_not(None),
            Stop.source != f"placement:{placement_id}",
            StopLift.id.is_(None),
        )
    )
    others = held_parts(session, account_ids, ELSEWHERE - {StopKind.PLACEMENT}).keys()
    return others | set(session.scalars(placed_otherwise))
