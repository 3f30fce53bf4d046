"""Tuning: how much each factor counts, what another choice would put first, and choosing it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Invalid
from domain.tasks.model import TASKS, UNWEIGHED
from domain.worklist.model import RANKINGS, TASK_WEIGHTS
from domain.worklist.ranking import USUAL, Factor, Weights, rank

MOST = 500
"""Per cent that a factor can count."""
FIRST = 20
"""So many of the new order are shown before it is chosen."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a task would stand, and where it stands now, both counted from 1."""

    task_id: int
    place: int
    before: int


def current(session: Session) -> Weights:
    """The weights that hold now."""
    row = session.execute(select(RANKINGS).order_by(RANKINGS.c.id.desc()).limit(1)).one_or_none()
    return USUAL if row is None else Weights(*(row._mapping[which.value] for which in Factor))


def tuned_at(session: Session) -> datetime | None:
    """When the weights that hold now were chosen; None while they are the usual ones."""
    return session.scalar(select(RANKINGS.c.set_at).order_by(RANKINGS.c.id.desc()).limit(1))


def check(weights: Weights) -> None:
    """Do nothing for weights that can be chosen; Invalid beside the first one that is out of bounds."""
    for which in Factor:
        if not 0 <= weights.of(which) <= MOST:
            raise Invalid(N_("Enter a whole number from {least} to {most}."), field=which.value, least=0, most=MOST)


def tune(session: Session, weights: Weights, *, actor: Actor) -> None:
    """Let these weights hold from now on: every place is worked out anew by and by. Invalid as `check` says."""
    check(weights)
    before = current(session)
    if weights == before:
        return
    assert actor.id is not None
    values = {**asdict(weights), "set_by": actor.id, "set_at": now(session)}
    made = session.execute(insert(RANKINGS).returning(RANKINGS.c.id), values).scalar_one()
    record(
        session,
        "ranking.tuned",
        actor=actor,
        subject=("ranking", made),
        before=asdict(before),
        after=asdict(weights),
    )


def preview(session: Session, weights: Weights, *, limit: int = FIRST) -> list[Moved]:
    """What these weights would put first, of all that waits now, with where each of it stands today."""
    awake = or_(TASKS.c.snoozed_until.is_(None), TASKS.c.snoozed_until <= now(session))
    waits = (TASKS.c.done_at.is_(None), awake)
    first = session.scalars(
        select(TASKS.c.id)
        .outerjoin(TASK_WEIGHTS, TASK_WEIGHTS.c.task_id == TASKS.c.id)
        .where(*waits)
        .order_by(func.coalesce(rank_by(weights), UNWEIGHED), TASKS.c.id)
        .limit(limit)
    ).all()
    places = select(TASKS.c.id, func.row_number().over(order_by=(TASKS.c.rank, TASKS.c.id)).label("before"))
    today = places.where(*waits).subquery()
    rows = session.execute(select(today).where(today.c.id.in_(first)))
    before = {row.id: row.before for row in rows}
    return [Moved(task_id, place, before[task_id]) for place, task_id in enumerate(first, 1)]


def rank_by(weights: Weights) -> ColumnElement[int]:
    """The place that its stored parts give a task by these weights, as the database works it out."""
    place: ColumnElement[int] = rank({which: TASK_WEIGHTS.c[which.value] for which in Factor}, weights)
    return place
