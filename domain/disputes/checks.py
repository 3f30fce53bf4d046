"""Checks: a dispute that is not decided holds what it contests, and one that has ended holds nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import String, and_, cast, literal, select
from sqlalchemy.orm import Session

from domain.disputes.model import LIVE, Dispute
from domain.ledger.findings import Finding
from domain.stops.model import Stop, StopKind, StopLift

SOURCE = literal("dispute:").concat(cast(Dispute.id, String))
HELD = (
    select(Dispute.number, Dispute.status, Dispute.amount_minor, Stop.amount_minor.label("held"), StopLift.id)
    .outerjoin(Stop, and_(Stop.kind == StopKind.DISPUTE, Stop.source == SOURCE, Stop.invoice_id == Dispute.invoice_id))
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .order_by(Dispute.id)
)


def check_disputes(session: Session) -> Iterator[Finding]:
    """Every dispute whose stop is missing, is over another amount, or outlives it."""
    for row in session.execute(HELD):
        held = row.held if row.id is None else None
        expected = row.amount_minor if row.status in LIVE else None
        if held != expected:
            words = "a dispute and the register of stops do not agree about what is held"
            yield Finding("dispute", row.number, words, str(expected or 0), str(held or 0))
