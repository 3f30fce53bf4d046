"""Queries: what is held right now."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.shared.db.rows import AnyRows
from domain.shared.db.session import today
from domain.stops.model import HOLDS, Held, Stop, StopLift


def live(session: Session, account_id: int) -> AnyRows:
    """The account's stops that hold today: kind, source, invoice_id, amount_minor, from_on, until_on; oldest first."""
    return session.execute(
        select(Stop.id, Stop.kind, Stop.source, Stop.invoice_id, Stop.amount_minor, Stop.from_on, Stop.until_on)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .where(
            Stop.account_id == account_id,
            StopLift.id.is_(None),
            or_(Stop.until_on.is_(None), Stop.until_on >= today(session)),
        )
        .order_by(Stop.id)
    ).all()


def holds(session: Session, account_id: int, what: Held, *, invoice_id: int | None = None) -> bool:
    """Whether something holds `what` on the account as a whole, or on this invoice (also on a part of it)."""
    return any(what in HOLDS[row.kind] and row.invoice_id in (None, invoice_id) for row in live(session, account_id))
