"""Limitation turns: warnings before a debt can no longer be enforced, and reminders that stop once it cannot."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn
from domain.accounts import queries as accounts
from domain.dunning.turns import Did
from domain.limitations import barring, warning
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Warn of what ends soon, and follow what has ended; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    warned = each_in_turn(database, "limitations", "account", warning.accounts_to_warn_of, warning.warn)
    return warned + each_in_turn(database, "limitations", "account", barring.accounts_to_follow, _follow)


def _follow(session: Session, account_id: int) -> int:
    accounts.lock(session, account_id)
    return barring.follow(session, account_id, actor=WORKER)
