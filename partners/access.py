"""Access: who is signed in for which partner, and which placements are theirs; everything else is not there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.placements.people import seen
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from web.visit import AnyRequest, visit_of


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who is signed in for a partner."""

    login_id: int
    partner_id: int
    partner_name: str
    email: str
    name: str
    language: str | None


def agent_of(request: AnyRequest) -> Agent:
    """Who is signed in; only for handlers that are not public."""
    visitor = visit_of(request).visitor
    assert isinstance(visitor, Agent)
    return visitor


def actor_of(request: AnyRequest) -> Actor:
    """The signed-in person, as the audit trail names them."""
    return Actor.partner(agent_of(request).login_id, visit_of(request).address)


def enter(request: AnyRequest, session: Session, placement_id: int) -> AnyRow:
    """A placement that was sent to the partner of whoever is signed in; NotFound for everything else."""
    return seen.placement(session, agent_of(request).partner_id, placement_id)
