"""Checks: a dispute that is not decided holds what it contests, and one that has ended holds nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import String, and_, cast, func, literal, select
from sqlalchemy.orm import Session

from domain.disputes.model import LIVE, Dispute, DisputeHandling
from domain.ledger.findings import Finding
from domain.stops.model import Stop, StopKind, StopLift

SOURCE = literal("dispute:").concat(cast(Dispute.id, String))
_LIFTED = select(StopLift.stop_id)
HELD = (
    select(Dispute.number, Dispute.status, Dispute.amount_minor, func.sum(Stop.amount_minor).label("held"))
    .outerjoin(
        Stop,
        and_(
            Stop.kind == StopKind.DISPUTE,
            Stop.source == SOURCE,
            Stop.invoice_id == Dispute.invoice_id,
            Stop.id.not_in(_LIFTED),
        ),
    )
    .group_by(Dispute.id, Dispute.number, Dispute.status, Dispute.amount_minor)
    .order_by(Dispute.id)
)
UNHANDLED = select(Dispute.number).where(Dispute.id.not_in(select(DisputeHandling.dispute_id))).order_by(Dispute.id)


def check_disputes(session: Session) -> Iterator[Finding]:
    """Every dispute whose stop is missing, is over another amount, or outlives it, and every one without a handling."""
    for row in session.execute(HELD):
        held = int(row.held or 0)
        expected = row.amount_minor if row.status in LIVE else 0
        if held != expected:
            words = "a dispute and the register of stops do not agree about what is held"
            yield Finding("dispute", row.number, words, str(expected), str(held))
    for number in session.scalars(UNHANDLED):
        yield Finding("dispute", number, "nothing says by when a dispute is answered", "a service level", "none")
