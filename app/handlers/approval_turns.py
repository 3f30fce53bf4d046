"""Approval turns: requests for a second person's approval that nobody has decided in time expire."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn
from domain.approvals import expiring
from domain.dunning.turns import Did
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Let all expire whose last day has passed, each in a transaction of its own; how many, and how many failed."""
    return each_in_turn(database, "approvals", "request", expiring.to_expire, _expire)


def _expire(session: Session, request_id: int) -> int:
    return int(expiring.expire(session, request_id, actor=WORKER))
