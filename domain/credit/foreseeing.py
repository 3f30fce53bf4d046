"""Foreseeing: whom an assignment would move to other terms, and which holds on new credit it would end or begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.credit.standing import Hold, Standing, standings
from domain.policies.assigning import Whom, refuse_unfit
from domain.policies.whom import Supposed, ruled
from domain.shared.db.session import today


@dataclass(frozen=True, slots=True)
class Move:
    """So many accounts come from one policy to another; None: no policy."""

    before: int | None
    after: int | None
    accounts: int


@dataclass(frozen=True, slots=True)
class HoldChange:
    """One hold of one account that would end or begin."""

    account_id: int
    number: str
    name: str
    hold: Hold


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an assignment would change from `on`, by what is owed today."""

    on: date
    moves: Sequence[Move]
    ending: Sequence[HoldChange]
    beginning: Sequence[HoldChange]

    @property
    def accounts(self) -> int:
        """How many accounts are moved."""
        return sum(move.accounts for move in self.moves)

    @property
    def fingerprint(self) -> str:
        """What somebody has seen before they confirm; something else where it has changed meanwhile."""
        moves = ",".join(f"{move.before}>{move.after}:{move.accounts}" for move in self.moves)
        return f"{moves};{len(self.ending)};{len(self.beginning)}"


def foresee(session: Session, policy_id: int | None, whom: Whom, from_on: date) -> Foreseen:
    """What `assign` with the same arguments would change; raises what it raises. Reads only."""
    refuse_unfit(session, policy_id, whom, from_on)
    on = max(from_on, today(session))
    supposed = Supposed(policy_id, whom, on)
    now, then = ruled(on), ruled(on, supposed)
    moved = then.c.policy_id.is_distinct_from(now.c.policy_id)
    both = now.join(then, then.c.account_id == now.c.account_id)
    counted = session.execute(
        select(now.c.policy_id, then.c.policy_id, func.count().label("accounts"))
        .select_from(both)
        .where(moved)
        .group_by(now.c.policy_id, then.c.policy_id)
    )
    moves = sorted(
        (Move(*row) for row in counted), key=lambda move: (-move.accounts, move.before or 0, move.after or 0)
    )
    which = ACCOUNTS.c.id.in_(select(now.c.account_id).select_from(both).where(moved))
    before, after = standings(session, which), standings(session, which, supposed=supposed)
    return Foreseen(on, moves, list(_only_in(before, after)), list(_only_in(after, before)))


def _only_in(these: Sequence[Standing], those: Sequence[Standing]) -> Iterator[HoldChange]:
    others = {(each.account_id, hold.reason) for each in those for hold in each.holds}
    for each in these:
        for hold in each.holds:
            if (each.account_id, hold.reason) not in others:
                yield HoldChange(each.account_id, each.number, each.name, hold)
