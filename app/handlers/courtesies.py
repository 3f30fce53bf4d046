"""Courtesies: decides on what customers are told beside reminders, each account in a transaction of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from app.handlers.failing import failed
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
    return sum((_told(database, account_id, found[account_id]) for account_id in sorted(found)), Did())


def _told(database: Database, account_id: int, wordings: Collection[Wording]) -> Did:
    try:
        with database.transaction() as session:
            return Did(len(tell(session, account_id, wordings, actor=WORKER)))
    except Exception as problem:
        return failed("courtesies", f"account {account_id}", problem)
