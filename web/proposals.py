"""Proposals: what the partner of a placement has proposed to settle for, as both sides see it on its page."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.settlements import queries
from domain.settlements.model import STANDING, OfferStatus
from web.settlements import offer_view

OPEN = STANDING | {OfferStatus.AWAITING_APPROVAL}


def proposed_settlements(session: Session, placement_id: int) -> Mapping[str, object]:
    """What a panel `_settling.html` needs: each offer that the partner proposed, newest first, with how it stands.

    `has_open_proposal`: one of them keeps another one from being proposed.
    """
    rows = queries.of_placement(session, placement_id)
    standings = queries.standings(session, [row.id for row in rows])
    return {
        "proposals": [offer_view(row, standing=standings.get(row.id)) for row in rows],
        "has_open_proposal": any(row.status in OPEN for row in rows),
    }
