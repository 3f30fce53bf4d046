"""Again: debts that came back are placed once more: which time it is, and not with the same partner by mistake."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.placements.model import Partner, Placement, PlacementInvoice
from domain.shared.errors import N_, Invalid

HAD_IT = N_("{name} had some of this before: choose another partner, or tick that it goes there again.")


def turn(session: Session, invoice_ids: Collection[int]) -> int:
    """Which time it is that one of these invoices is placed: 1 where none was sent to a partner before."""
    return (session.scalar(select(func.count()).select_from(_before(invoice_ids).subquery())) or 0) + 1


def check_partner(session: Session, partner: Partner, invoice_ids: Collection[int]) -> None:
    """Invalid beside the partner where one of these invoices was sent to it before, whatever became of it."""
    if session.scalars(_before(invoice_ids).where(Placement.partner_id == partner.id)).first() is not None:
        raise Invalid(HAD_IT, field="partner", name=partner.name)


def partners_before(session: Session, account_id: int) -> frozenset[int]:
    """The partners that something of an account was sent to before."""
    return frozenset(
        session.scalars(
            select(Placement.partner_id).where(Placement.account_id == account_id, Placement.sent_at.is_not(None))
        )
    )


def _before(invoice_ids: Collection[int]) -> Select[int]:
    """The placements that one of these invoices was sent with."""
    return (
        select(Placement.id)
        .distinct()
        .join(PlacementInvoice, PlacementInvoice.placement_id == Placement.id)
        .where(PlacementInvoice.invoice_id.in_(invoice_ids), PlacementInvoice.placed_minor.is_not(None))
    )
