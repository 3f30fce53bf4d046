"""Handoff settling: what the partner of a placement has proposed to settle for, for the page of the placement."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.settlements import queries
from web.settlements import offer_view


def proposed_settlements(session: Session, placement_id: int) -> Mapping[str, object]:
    """What the panel `_settling.html` needs: each offer that the partner proposed, newest first, with how it stands."""
    rows = queries.of_placement(session, placement_id)
    standings = queries.standings(session, [row.id for row in rows])
    return {"proposals": [offer_view(row, standing=standings.get(row.id)) for row in rows]}
