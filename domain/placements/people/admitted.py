"""Admitted: with which partners something goes on, so that their people, keys and folders open something."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from domain.placements.model import PLACED, Partner, Placement
from domain.shared.db.session import now

WINDING_UP = timedelta(days=90)
"""So long after its last debt came back a partner that was let go can still bring remittances and invoices."""


def goes_on(session: Session) -> ColumnElement[bool]:
    """Whether something goes on with a partner: it was not let go, or debts lie with it or did until lately."""
    lately = Placement.ended_at >= now(session) - WINDING_UP
    had = exists().where(
        Placement.partner_id == Partner.id,
        Placement.sent_at.is_not(None),
        or_(Placement.status.in_(PLACED), lately),
    )
    return or_(Partner.ended_at.is_(None), had.correlate(Partner))


def is_admitted(session: Session, partner_id: int) -> bool:
    """Whether the people, the keys and the folder of this partner open something."""
    return session.scalar(select(Partner.id).where(Partner.id == partner_id, goes_on(session))) is not None
