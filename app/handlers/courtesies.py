"""Courtesies: decides on what customers are told beside reminders, each account in a transaction of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy.orm import Session

from app.handlers.failing import in_turn
from domain.dunning.courtesies import tell
from domain.dunning.courtesy_selecting import waiting
from domain.dunning.turns import Did
from domain.policies.contacting import Wording
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def send_due(database: Database) -> Did:
    """Decide on all courtesies that are due and whose hour it is; how many, and how many accounts failed.

    Safe to repeat. An account that fails keeps no other from its turn.
    """
    with database.reading() as session:
        found: dict[int, set[Wording]] = defaultdict(set)
        for each in waiting(session):
            found[each.account_id].add(each.wording)
    told = (in_turn(database, "courtesies", f"account {one}", _tell, one, found[one]) for one in sorted(found))
    return sum(told, Did())


def _tell(session: Session, account_id: int, wordings: Collection[Wording]) -> int:
    return len(tell(session, account_id, wordings, actor=WORKER))
