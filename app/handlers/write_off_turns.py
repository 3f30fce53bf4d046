"""Write-off turns: write-offs that follow what became of their invoices, and tax that can be claimed back."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn
from domain.accounts import queries as accounts
from domain.dunning.turns import Did
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from domain.write_offs import following, relief


def take_due(database: Database) -> Did:
    """Do all that write-offs have due now, each in a transaction of its own; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    each = partial(each_in_turn, database, "write-offs")
    followed = each("account", following.to_follow, _follow)
    return followed + each("write-off", relief.to_tell, relief.tell)


def _follow(session: Session, account_id: int) -> int:
    accounts.lock(session, account_id)
    return following.follow_account(session, account_id, None, actor=WORKER)
