"""Placement turns: placements that follow their debts, and that come back at their term or when nothing is heard."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn, in_turn
from domain.accounts import queries as accounts
from domain.dunning.turns import Did
from domain.placements import ending, following, turns
from domain.processing.placing import recalling
from domain.remittances import lateness
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Do all that placements have due now, each in a transaction of its own; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    with database.reading() as session:
        to_follow, to_return = turns.accounts_to_follow(session), ending.due_back(session)
        quiet = recalling.silent(session)
    followed = (in_turn(database, "placements", f"account {one}", _follow, one) for one in to_follow)
    returned = (
        in_turn(database, "placements", f"placement {one}", ending.return_at_term, of, one) for of, one in to_return
    )
    recalled = (
        in_turn(database, "placements", f"placement {one}", recalling.recall_silent, of, one) for of, one in quiet
    )
    asked = each_in_turn(database, "placements", "partner", lateness.partners_to_ask, lateness.ask_in_time)
    return sum((*followed, *returned, *recalled, asked), Did())


def _follow(session: Session, account_id: int) -> int:
    accounts.lock(session, account_id)
    return following.follow_account(session, account_id, None, actor=WORKER)
