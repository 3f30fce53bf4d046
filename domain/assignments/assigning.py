"""Assigning: accounts given to somebody by hand, and given back to the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import ACCOUNTS
from domain.assignments.applying import apply_to, tell, upsert
from domain.assignments.model import ASSIGNMENTS
from domain.assignments.people import check_keeper
from domain.shared.actor import Actor
from domain.shared.chunking import chunks
from domain.shared.db.session import now
from domain.shared.errors import NotFound

BY_HAND = "hand"


def assign(session: Session, account_ids: Collection[int], staff_id: int, *, actor: Actor) -> list[int]:
    """Give accounts to somebody by hand: no rule takes them away again; the ids of those that changed hands.

    An account that was theirs by a rule stays theirs by hand. No money is touched, so that no account is locked: the
    rows of `assignment` are. Raises Invalid for somebody who does not look after accounts, NotFound for no account.
    """
    check_keeper(session, staff_id)
    changed: list[int] = []
    for some in chunks(sorted(set(account_ids))):
        _check(session, some)
        before = _keepers(session, some)
        values = [
            {"account_id": one, "staff_id": staff_id, "rule_id": None, "assigned_at": now(session)} for one in some
        ]
        session.execute(upsert(session, only_by_rule=False), values).all()
        others = [one for one in some if before.get(one) != staff_id]
        tell(session, {one: (before.get(one), staff_id) for one in others}, actor=actor, by=BY_HAND)
        changed += others
    return changed


def give_back(session: Session, account_id: int, *, actor: Actor) -> None:
    """Let the rules say again who looks after an account; nobody does where none fits. NotFound for no account."""
    _check(session, [account_id])
    before = _keepers(session, [account_id]).get(account_id)
    by_hand = (ASSIGNMENTS.c.account_id == account_id) & ASSIGNMENTS.c.rule_id.is_(None)
    taken = session.scalars(delete(ASSIGNMENTS).where(by_hand).returning(ASSIGNMENTS.c.account_id)).all()
    if taken:
        tell(session, {account_id: (before, None)}, actor=actor, by=BY_HAND)
    apply_to(session, ACCOUNTS.c.id == account_id, actor=actor)


def _keepers(session: Session, account_ids: Iterable[int]) -> dict[int, int]:
    """Who looks after each of these now, nobody else changing it meanwhile."""
    rows = session.execute(
        select(ASSIGNMENTS.c.account_id, ASSIGNMENTS.c.staff_id)
        .where(ASSIGNMENTS.c.account_id.in_(account_ids))
        .order_by(ASSIGNMENTS.c.account_id)
        .with_for_update()
    )
    return {row.account_id: row.staff_id for row in rows}


def _check(session: Session, account_ids: Collection[int]) -> None:
    known = set(session.scalars(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id.in_(account_ids))))
    if len(known) != len(account_ids):
        raise NotFound(accounts.NO_SUCH_ACCOUNT)
