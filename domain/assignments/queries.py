"""Questions about assignments: who looks after an account on a day, with whoever stands in for somebody who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, select
from sqlalchemy.orm import Session

from domain.assignments.model import ABSENCES, ASSIGNMENTS
from domain.shared.db.session import today
from domain.staff.model import STAFF

DEEPEST = 3
"""So many stand-ins are asked one after the other, where each of them is away as well; beyond them nobody stands in."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who looks after an account, since when, whether by hand, and who stands in for them today."""

    staff_id: int
    name: str
    stand_in: str | None
    is_by_hand: bool
    since: datetime


def standing_in(day: date) -> Subquery:
    """Everybody of staff (`staff_id`) with whoever does their work on `day` (`acting_id`): themselves, where they are
    here, and where nobody in the chain of stand-ins is.
    """
    chain: FromClause = STAFF
    last: ColumnElement[int] = STAFF.c.id
    found = []
    for _ in range(DEEPEST + 1):
        absence = _absences(day)
        chain = chain.outerjoin(absence, absence.c.staff_id == last)
        found.append((absence.c.staff_id.is_(None), last))
        last = absence.c.stand_in_id
    acting = case(*found, else_=STAFF.c.id)
    return select(STAFF.c.id.label("staff_id"), acting.label("acting_id")).select_from(chain).subquery("standing_in")


def responsible(day: date) -> Subquery:
    """Every account that is somebody's (`account_id`), with whoever looks after it on `day` (`staff_id`)."""
    acting = standing_in(day)
    return (
        select(ASSIGNMENTS.c.account_id, acting.c.acting_id.label("staff_id"))
        .join(acting, acting.c.staff_id == ASSIGNMENTS.c.staff_id)
        .subquery("responsible")
    )


def keeper_of(session: Session, account_id: int) -> Keeper | None:
    """Who looks after one account today; None where nobody does."""
    acting, stand_in = standing_in(today(session)), STAFF.alias()
    row = session.execute(
        select(
            ASSIGNMENTS.c.staff_id,
            STAFF.c.name,
            acting.c.acting_id,
            stand_in.c.name.label("acting_name"),
            ASSIGNMENTS.c.rule_id,
            ASSIGNMENTS.c.assigned_at,
        )
        .join(STAFF, STAFF.c.id == ASSIGNMENTS.c.staff_id)
        .join(acting, acting.c.staff_id == ASSIGNMENTS.c.staff_id)
        .join(stand_in, stand_in.c.id == acting.c.acting_id)
        .where(ASSIGNMENTS.c.account_id == account_id)
    ).one_or_none()
    if row is None:
        return None
    is_away = row.acting_id != row.staff_id
    return Keeper(row.staff_id, row.name, row.acting_name if is_away else None, row.rule_id is None, row.assigned_at)


def stand_ins(session: Session, day: date) -> dict[int, int]:
    """Who does whose work on `day`, for everybody who is away: by the id of whoever is away, the id of the stand-in."""
    acting = standing_in(day)
    rows = session.execute(select(acting.c.staff_id, acting.c.acting_id).where(acting.c.staff_id != acting.c.acting_id))
    return {row.staff_id: row.acting_id for row in rows}


def _absences(day: date) -> Subquery:
    """Who is away on `day` and has somebody who still works here to stand in."""
    stand_in = STAFF.alias()
    return (
        select(ABSENCES.c.staff_id, ABSENCES.c.stand_in_id)
        .join(stand_in, and_(stand_in.c.id == ABSENCES.c.stand_in_id, stand_in.c.disabled_at.is_(None)))
        .where(ABSENCES.c.first_on <= day, ABSENCES.c.last_on >= day, ABSENCES.c.ended_at.is_(None))
        .subquery()
    )
