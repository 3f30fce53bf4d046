"""Loads: who looks after how many accounts, and what these owe."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.assignments.model import ASSIGNMENTS
from domain.ledger.model import STREAMS
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Load:
    """The accounts of one person (None: of nobody) in one currency, how many of them by hand, and what they owe."""

    staff_id: int | None
    accounts: int
    by_hand: int
    owed: Money


def loads(session: Session) -> list[Load]:
    """What everybody looks after who looks after something, and what nobody does, by person and currency."""
    is_by_hand = ASSIGNMENTS.c.account_id.is_not(None) & ASSIGNMENTS.c.rule_id.is_(None)
    rows = session.execute(
        select(
            ASSIGNMENTS.c.staff_id,
            STREAMS.c.currency,
            func.count().label("accounts"),
            func.count().filter(is_by_hand).label("by_hand"),
            func.sum(STREAMS.c.balance).label("owed"),
        )
        .select_from(STREAMS.outerjoin(ASSIGNMENTS, ASSIGNMENTS.c.account_id == STREAMS.c.account_id))
        .where(STREAMS.c.account_id.is_not(None))
        .group_by(ASSIGNMENTS.c.staff_id, STREAMS.c.currency)
        .order_by(STREAMS.c.currency, func.count().desc(), ASSIGNMENTS.c.staff_id)
    )
    return [Load(row.staff_id, row.accounts, row.by_hand, Money(int(row.owed), row.currency)) for row in rows]


def accounts_of(staff_id: int | None) -> Select[int]:
    """Selects the accounts that somebody looks after, or nobody does where it is None, to look through them."""
    if staff_id is None:
        return (
            select(ACCOUNTS.c.id)
            .outerjoin(ASSIGNMENTS, ASSIGNMENTS.c.account_id == ACCOUNTS.c.id)
            .where(ASSIGNMENTS.c.account_id.is_(None))
        )
    return select(ASSIGNMENTS.c.account_id).where(ASSIGNMENTS.c.staff_id == staff_id)
