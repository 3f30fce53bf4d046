"""Policy checking: what an assignment would change, put into words for the page on which it is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.credit.foreseeing import Foreseen, Move
from domain.policies import queries
from domain.policies.comparing import Difference, difference
from domain.policies.ruling import NOTHING, Version, in_force, published
from domain.policies.sections import Sections
from domain.policies.whom import Supposed
from domain.shared.db.session import business, today

SHOWN = 20
"""Holds that are named one by one."""


@dataclass(frozen=True, slots=True)
class MoveView:
    """How many accounts come from one policy to another (None: no policy), and what is otherwise for them."""

    accounts: int
    before: str | None
    after: str | None
    differences: Sequence[Difference]


def check_context(session: Session, wanted: Supposed, foreseen: Foreseen) -> dict[str, Any]:
    """What the page shows: whom it is for, who is moved from what to what, and which holds end or begin."""
    concerned = {wanted.policy_id, *(each for move in foreseen.moves for each in (move.before, move.after))}
    names = queries.names(session, [each for each in concerned if each is not None])
    currency = business(session).currency
    valid = in_force(published(session), foreseen.on)
    whom = wanted.whom
    return {
        "policy": None if wanted.policy_id is None else names[wanted.policy_id],
        "account": None if whom.account_id is None else session.get_one(Account, whom.account_id),
        "group": None if whom.group_id is None else queries.group(session, whom.group_id),
        "from_on": wanted.on,
        "is_past": wanted.on < today(session),
        "is_later": wanted.on > today(session),
        "foreseen": foreseen,
        "moves": [_view(move, names, valid, currency) for move in foreseen.moves],
        "ending": foreseen.ending[:SHOWN],
        "beginning": foreseen.beginning[:SHOWN],
        "shown": SHOWN,
    }


def _view(move: Move, names: dict[int, str], valid: dict[int, Version], currency: str) -> MoveView:
    before, after = (_said(policy_id, valid) for policy_id in (move.before, move.after))
    return MoveView(
        move.accounts,
        None if move.before is None else names[move.before],
        None if move.after is None else names[move.after],
        difference(before, after, currency),
    )


def _said(policy_id: int | None, valid: dict[int, Version]) -> Sections:
    version = None if policy_id is None else valid.get(policy_id)
    return version.sections if version else NOTHING
