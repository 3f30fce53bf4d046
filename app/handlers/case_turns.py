"""Case turns: what is due in a legal case is told before its day, and cases follow what became of their debts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn, in_turn
from domain.accounts import queries as accounts
from domain.dunning.turns import Did
from domain.legal_cases import following, stepping
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Open a task for each step that is due soon, and follow; how much it was, and how many failed.

    Safe to repeat. One that fails keeps no other from its turn.
    """
    told = in_turn(database, "legal cases", "deadlines", stepping.tell_deadlines)
    return told + each_in_turn(database, "legal cases", "account", following.accounts_to_follow, _follow)


def _follow(session: Session, account_id: int) -> int:
    accounts.lock(session, account_id)
    return following.follow_account(session, account_id, None, actor=WORKER)
