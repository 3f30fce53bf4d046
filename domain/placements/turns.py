"""Turns: which placements say something else than their invoices do, and so have a turn due."""

from __future__ import annotations

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from domain.placements.following import FOLLOWS, HOLDING
from domain.placements.model import OURS, Closing, Placement, PlacementInvoice, PlacementStatus
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.stops.queries import is_held

FULFILLED = (Closing.PAID, Closing.SETTLED)


def accounts_to_follow(session: Session) -> list[int]:
    """The accounts with a placement that says something else than its invoices do, or that is still to be decided."""
    held = is_held(Placement.account_id, Invoice.id, HOLDING, today(session))
    rows = session.execute(
        select(
            Placement.account_id,
            Placement.status,
            Placement.closing,
            func.sum(Invoice.open_minor).label("open_minor"),
            func.max(case((held, 1), else_=0)).label("held"),
        )
        .join(PlacementInvoice, PlacementInvoice.placement_id == Placement.id)
        .join(Invoice, Invoice.id == PlacementInvoice.invoice_id)
        .where(
            or_(
                Placement.status.in_(OURS),
                (Placement.status.in_(FOLLOWS)) & PlacementInvoice.placed_minor.is_not(None),
            )
        )
        .group_by(Placement.id, Placement.account_id, Placement.status, Placement.closing)
        .order_by(Placement.account_id)
    )
    return list(
        dict.fromkeys(row.account_id for row in rows if _differs(row.status, row.closing, row.open_minor, row.held))
    )


def _differs(status: PlacementStatus, closing: Closing | None, open_minor: int, held: int) -> bool:
    if status in OURS:
        return True
    if status is PlacementStatus.CLOSED:
        return closing in FULFILLED and bool(open_minor)
    if not open_minor:
        return True
    return (status is PlacementStatus.ACTIVE and bool(held)) or (status is PlacementStatus.HELD and not held)
