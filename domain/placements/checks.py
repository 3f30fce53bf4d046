"""Checks: what lies with a partner is held from being chased by us, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.placements.model import PLACED, Placement, PlacementInvoice
from domain.stops.model import Stop, StopKind, StopLift

WANTED = (
    select(Placement.id, func.count(PlacementInvoice.id).label("many"))
    .join(PlacementInvoice, PlacementInvoice.placement_id == Placement.id)
    .where(Placement.status.in_(PLACED), PlacementInvoice.placed_minor.is_not(None))
    .group_by(Placement.id)
)
STOPS = (
    select(Stop.source, func.count(Stop.id).label("many"))
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .where(Stop.kind == StopKind.PLACEMENT, StopLift.id.is_(None))
    .group_by(Stop.source)
)
SUMS = (
    select(Placement.id, Placement.placed_minor, func.sum(PlacementInvoice.placed_minor).label("minor"))
    .join(PlacementInvoice, PlacementInvoice.placement_id == Placement.id)
    .where(Placement.placed_minor.is_not(None))
    .group_by(Placement.id, Placement.placed_minor)
)


def check_placements(session: Session) -> Iterator[Finding]:
    """Every placement that holds what it should not, or whose invoices do not add up to what was sent."""
    should = {f"placement:{row.id}": row.many for row in session.execute(WANTED)}
    does = {row.source: row.many for row in session.execute(STOPS)}
    for source in sorted(should.keys() | does.keys()):
        if should.get(source, 0) != does.get(source, 0):
            words = "a placement holds other invoices than were sent with it, or none though it is with the partner"
            yield Finding("placement_stops", source, words, str(should.get(source, 0)), str(does.get(source, 0)))
    for row in session.execute(SUMS):
        if row.placed_minor != int(row.minor):
            words = "the invoices of a placement do not add up to what was sent"
            yield Finding("placement_sum", str(row.id), words, str(row.placed_minor), str(row.minor))
