"""Following: a placement follows its invoices: held while one is contested, closed once all is settled, open again.

Under the account's lock, in the transaction of whatever settles an invoice, opens it again, or contests it.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.placements import changing, proposing, queries
from domain.placements.messages import PartnerNews
from domain.placements.model import PLACED, Closing, Placement, PlacementInvoice, PlacementStatus
from domain.placements.sending import tell
from domain.receivables.held import held_parts
from domain.receivables.model import Allocation, CreditItem, Invoice
from domain.settlements.queries import MONEY
from domain.shared.actor import Actor
from domain.stops.model import StopKind

HOLDING = frozenset({StopKind.DISPUTE, StopKind.CHARGEBACK, StopKind.INSOLVENCY, StopKind.BREATHING_SPACE})
"""What keeps the partner from going on with a debt."""
FOLLOWS = PLACED | {PlacementStatus.CLOSED}


def follow_account(session: Session, account_id: int, invoice_ids: Collection[int] | None, *, actor: Actor) -> int:
    """Follow every placement of a locked account about one of these invoices (None: any); how many changed.

    What is only proposed or approved is dropped where it meets the criteria no longer. Safe to repeat.
    """
    session.flush()
    about = select(PlacementInvoice.placement_id).where(PlacementInvoice.placed_minor.is_not(None))
    if invoice_ids is not None:
        about = about.where(PlacementInvoice.invoice_id.in_(invoice_ids))
    placements = session.scalars(
        select(Placement)
        .where(Placement.account_id == account_id, Placement.status.in_(FOLLOWS), Placement.id.in_(about))
        .order_by(Placement.id)
        .execution_options(populate_existing=True)
    ).all()
    changed = sum(_follow(session, placement, actor=actor) for placement in placements)
    return changed + proposing.drop_what_fell_away(session, account_id, actor=actor)


def _follow(session: Session, placement: Placement, *, actor: Actor) -> bool:
    """Bring one placement to what its invoices say; whether that changed it."""
    ids = queries.handed_over(session, placement.id)
    open_minor = session.scalar(select(func.sum(Invoice.open_minor)).where(Invoice.id.in_(ids))) or 0
    held = not held_parts(session, [placement.account_id], HOLDING).keys().isdisjoint(ids)
    match placement.status:
        case PlacementStatus.CLOSED if open_minor and placement.closing in (Closing.PAID, Closing.SETTLED):
            changing.change(session, placement, PlacementStatus.ACTIVE, actor=actor)
            tell(session, placement, PartnerNews.OPEN_AGAIN)
        case PlacementStatus.CLOSED:
            return False
        case _ if not open_minor:
            closing = _closing(session, placement, ids)
            changing.change(session, placement, PlacementStatus.CLOSED, actor=actor, closing=closing)
            tell(session, placement, PartnerNews.CLOSED)
        case PlacementStatus.ACTIVE if held:
            changing.change(session, placement, PlacementStatus.HELD, actor=actor)
            tell(session, placement, PartnerNews.HELD)
        case PlacementStatus.HELD if not held:
            changing.change(session, placement, PlacementStatus.ACTIVE, actor=actor)
            tell(session, placement, PartnerNews.GOES_ON)
        case _:
            return False
    return True


def _closing(session: Session, placement: Placement, ids: Collection[int]) -> Closing:
    """What settled it: money alone, money with something given up, or none at all."""
    kinds = select(CreditItem.kind, func.sum(Allocation.amount_minor).label("minor")).join(
        Allocation, Allocation.credit_item_id == CreditItem.id
    )
    rows = session.execute(
        kinds.where(Allocation.invoice_id.in_(ids), Allocation.recorded_at >= placement.sent_at)
        .group_by(CreditItem.kind)
        .having(func.sum(Allocation.amount_minor) > 0)
    )
    settled = {row.kind for row in rows}
    if settled <= MONEY and settled:
        return Closing.PAID
    return Closing.SETTLED if settled & MONEY else Closing.WITHDRAWN
