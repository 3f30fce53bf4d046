"""Closing: the partner says that its work has ended, and how; it closes as that where our books say the same."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.placements import ending, following, queries
from domain.placements.model import PLACEMENT_NAMES, Closing, Placement, PlacementInvoice, PlacementStatus
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

WORKING = frozenset({PlacementStatus.ACTIVE, PlacementStatus.HELD})
"""The partner has taken it, and it lies there."""
STILL_OPEN = {
    Closing.PAID: N_("{open} is still open: report what was paid, and it closes by itself."),
    Closing.SETTLED: N_("{open} is still open: once what was agreed has been paid and reported, it closes by itself."),
    Closing.WITHDRAWN: N_("{open} is still open in our books: give it back, and say why nothing is owed."),
}
"""Why each end that our books have to bear out is refused."""


def close(
    session: Session, account_id: int, placement_id: int, closing: Closing, *, why: str, actor: Actor
) -> Placement:
    """End a partner's work on a debt as it says.

    As uncollectable it is given up, with a reason, and ours again. That it was paid, settled or withdrawn our books
    have to say as well: where anything is open that is Invalid at `code`, where it has closed by itself it is so, and
    safe to repeat. Conflict where it does not lie with the partner.
    """
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    has_closed = placement.status is PlacementStatus.CLOSED and placement.closing is not Closing.UNCOLLECTABLE
    if has_closed and closing is not Closing.UNCOLLECTABLE:
        return placement
    if placement.status not in WORKING:
        raise Conflict(N_("This has moved on meanwhile: {state}."), state=PLACEMENT_NAMES[placement.status])
    if closing is Closing.UNCOLLECTABLE:
        return ending.close_uncollectable(session, account_id, placement_id, why=why, actor=actor)
    open_now = _open(session, placement)
    if open_now:
        raise Invalid(STILL_OPEN[closing], field="code", open=open_now)
    following.follow_account(session, account_id, queries.handed_over(session, placement_id), actor=actor)
    return placement


def _open(session: Session, placement: Placement) -> Money:
    minor = session.scalar(
        select(func.sum(Invoice.open_minor))
        .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
        .where(PlacementInvoice.placement_id == placement.id, PlacementInvoice.placed_minor.is_not(None))
    )
    return Money(int(minor or 0), placement.currency)
