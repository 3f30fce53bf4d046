"""Placement turns: placements that follow what became of their debts, and those that come back at their term."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from app.handlers.failing import failed
from domain.accounts import queries as accounts
from domain.dunning.turns import Did
from domain.placements import ending, following, turns
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Do all that placements have due now, each in a transaction of its own; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    with database.reading() as session:
        to_follow, to_return = turns.accounts_to_follow(session), ending.due_back(session)
    followed = [_one(database, f"account {one}", partial(_follow, account_id=one)) for one in to_follow]
    returned = [
        _one(database, f"placement {one}", partial(ending.return_at_term, account_id=of, placement_id=one))
        for of, one in to_return
    ]
    return sum((*followed, *returned), Did())


def _one(database: Database, what: str, act: Callable[[Session], int]) -> Did:
    try:
        with database.transaction() as session:
            return Did(int(act(session)))
    except Exception as problem:
        return failed("placements", what, problem)


def _follow(session: Session, account_id: int) -> int:
    accounts.lock(session, account_id)
    return following.follow_account(session, account_id, None, actor=WORKER)
