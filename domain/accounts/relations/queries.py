"""Queries: the guarantors of accounts, and the accounts that belong to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.accounts.relations.model import GUARANTORS, RELATION_NAMES, RELATIONS, RelationKind
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business
from domain.shared.errors import N_

SEEN_FROM_THE_OTHER = {
    **RELATION_NAMES,
    RelationKind.PARENT: N_("Subsidiary"),
    RelationKind.SUCCESSOR: N_("Its business was taken over"),
}
"""What the first account is to the second."""
MOST_RELATED = 50
"""So many related accounts stand at the side of an account."""


@dataclass(frozen=True, slots=True)
class Related:
    """An account that belongs to another: what it is to that one, as a message id, and since when that is known."""

    id: int
    account_id: int
    number: str
    name: str
    currency: str
    words: str
    since: date


def guarantors(session: Session, account_id: int, *, released: bool = False) -> AnyRows:
    """Who answers for an account now, or did and was let go: all columns, the first added first."""
    gone = GUARANTORS.c.released_at.is_not(None) if released else GUARANTORS.c.released_at.is_(None)
    wanted = select(GUARANTORS).where(GUARANTORS.c.account_id == account_id, gone).order_by(GUARANTORS.c.id)
    return session.execute(wanted).all()


def guarantors_of_each(session: Session, account_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """Who answers for these accounts now; those without anybody are left out."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    if account_ids:
        wanted = select(GUARANTORS).where(
            GUARANTORS.c.account_id.in_(set(account_ids)), GUARANTORS.c.released_at.is_(None)
        )
        for row in session.execute(wanted.order_by(GUARANTORS.c.id)):
            found[row.account_id].append(row)
    return dict(found)


def related(session: Session, account_id: int) -> list[Related]:
    """The accounts that belong to this one, whoever wrote it down, by name; in one query."""
    other_id = case((RELATIONS.c.account_id == account_id, RELATIONS.c.other_id), else_=RELATIONS.c.account_id)
    zone = business(session).time_zone
    rows = session.execute(
        select(
            RELATIONS.c.id,
            RELATIONS.c.kind,
            RELATIONS.c.other_id,
            RELATIONS.c.added_at,
            ACCOUNTS.c.id.label("account_id"),
            ACCOUNTS.c.number,
            ACCOUNTS.c.name,
            ACCOUNTS.c.currency,
        )
        .join(ACCOUNTS, ACCOUNTS.c.id == other_id)
        .where(
            or_(RELATIONS.c.account_id == account_id, RELATIONS.c.other_id == account_id),
            RELATIONS.c.ended_at.is_(None),
        )
        .order_by(ACCOUNTS.c.name, ACCOUNTS.c.id)
        .limit(MOST_RELATED)
    )
    return [
        Related(
            id=row.id,
            account_id=row.account_id,
            number=row.number,
            name=row.name,
            currency=row.currency,
            words=(RELATION_NAMES if row.account_id == row.other_id else SEEN_FROM_THE_OTHER)[row.kind],
            since=day_in(row.added_at, zone),
        )
        for row in rows
    ]
