"""Queries: one's own sessions and progress, what was said in one, and what a team has practised."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.practice.model import SESSIONS, TURNS, PracticeSession
from domain.practice.situation import Logged, Told
from domain.practice.situations import ALL
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money
from domain.staff.model import STAFF, Role

NO_SUCH_SESSION = N_("We could not find that session.")
LATELY = 10
"""So many sessions are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class Tries:
    """What somebody has done of one situation: how often to the end, and whether once with full marks."""

    times: int
    is_full: bool


def session_of(session: Session, session_id: int, reader_id: int, *, is_boss: bool) -> PracticeSession:
    """One's own session, or for managers one that was shared; NotFound for any other."""
    found = session.get(PracticeSession, session_id)
    if found is None or found.situation not in ALL:
        raise NotFound(NO_SUCH_SESSION)
    if found.staff_id != reader_id and not (is_boss and found.shared_at is not None):
        raise NotFound(NO_SUCH_SESSION)
    return found


def told(session: Session, session_id: int) -> list[Told]:
    """What was said in a session, in its order."""
    rows = session.execute(
        select(TURNS.c.move, TURNS.c.words).where(TURNS.c.session_id == session_id).order_by(TURNS.c.number)
    )
    return [Told(row.move, row.words or "") for row in rows]


def logged(practised: PracticeSession) -> Logged | None:
    """How a practised call was logged; None where it was not, or is a message."""
    if practised.outcome is None:
        return None
    amount = Money(practised.amount_minor, practised.currency) if practised.amount_minor is not None else None
    return Logged(practised.outcome, practised.words or "", practised.follows_on, amount)


def progress(session: Session, staff_id: int) -> dict[str, Tries]:
    """Somebody's finished sessions by situation."""
    best = func.max(SESSIONS.c.points - SESSIONS.c.most).label("best")
    rows = session.execute(
        select(SESSIONS.c.situation, func.count().label("times"), best)
        .where(SESSIONS.c.staff_id == staff_id, SESSIONS.c.marked_at.is_not(None))
        .group_by(SESSIONS.c.situation)
    )
    return {row.situation: Tries(row.times, row.best == 0) for row in rows}


def begun(session: Session, staff_id: int) -> dict[str, int]:
    """How often somebody has begun each situation."""
    rows = session.execute(
        select(SESSIONS.c.situation, func.count().label("times"))
        .where(SESSIONS.c.staff_id == staff_id)
        .group_by(SESSIONS.c.situation)
    )
    return {row.situation: row.times for row in rows}


def lately(session: Session, staff_id: int) -> AnyRows:
    """Somebody's newest sessions of situations that there still are, the unfinished ones too."""
    columns = (
        SESSIONS.c.id,
        SESSIONS.c.situation,
        SESSIONS.c.is_surprise,
        SESSIONS.c.started_at,
        SESSIONS.c.points,
        SESSIONS.c.most,
    )
    own = SESSIONS.c.staff_id == staff_id, SESSIONS.c.situation.in_(ALL)
    return session.execute(select(*columns).where(*own).order_by(SESSIONS.c.id.desc()).limit(LATELY)).all()


@dataclass(frozen=True, slots=True)
class Trained:
    """What one colleague has practised to the end: which situations, when last, and which sessions they share."""

    staff_id: int
    name: str
    situations: Collection[str]
    last_at: datetime | None
    shared: AnyRows


def team(session: Session, roles: Collection[Role]) -> list[Trained]:
    """Everybody who works here in these roles, by name, with what they have practised; no marks."""
    people = session.execute(
        select(STAFF.c.id, STAFF.c.name)
        .where(STAFF.c.role.in_(roles), STAFF.c.disabled_at.is_(None))
        .order_by(STAFF.c.name, STAFF.c.id)
    ).all()
    rows = session.execute(
        select(SESSIONS.c.staff_id, SESSIONS.c.situation, func.max(SESSIONS.c.marked_at).label("last_at"))
        .where(SESSIONS.c.marked_at.is_not(None), SESSIONS.c.situation.in_(ALL))
        .group_by(SESSIONS.c.staff_id, SESSIONS.c.situation)
    ).all()
    shared = session.execute(
        select(SESSIONS.c.id, SESSIONS.c.staff_id, SESSIONS.c.situation, SESSIONS.c.marked_at)
        .where(SESSIONS.c.shared_at.is_not(None), SESSIONS.c.situation.in_(ALL))
        .order_by(SESSIONS.c.id.desc())
    ).all()
    return [
        Trained(
            one.id,
            one.name,
            {row.situation for row in rows if row.staff_id == one.id},
            max((row.last_at for row in rows if row.staff_id == one.id), default=None),
            [row for row in shared if row.staff_id == one.id][:LATELY],
        )
        for one in people
    ]
