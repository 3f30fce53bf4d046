"""Board: disputes by who has to do what next, the most pressing first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from domain.disputes.model import LIVE, OURS, Dispute, DisputeHandling, DisputeStatus
from domain.disputes.queries import SHOWN
from domain.disputes.reasons import Reason
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now

LATELY_DAYS = 30
"""For so long the board shows what has ended."""


class Column(StrEnum):
    """The columns of the board."""

    NEW = "new"
    LOOKED_INTO = "looked_into"
    WAITING = "waiting"
    ENDED = "ended"


STATUSES: Mapping[Column, frozenset[DisputeStatus]] = {
    Column.NEW: frozenset({DisputeStatus.OPEN}),
    Column.LOOKED_INTO: frozenset({DisputeStatus.UNDER_REVIEW}),
    Column.WAITING: frozenset({DisputeStatus.AWAITING_CUSTOMER}),
    Column.ENDED: frozenset(DisputeStatus) - LIVE,
}
_ANSWER_FIRST = and_(DisputeHandling.answered_at.is_(None), DisputeHandling.answer_by < DisputeHandling.resolve_by)
DUE = case((_ANSWER_FIRST, DisputeHandling.answer_by), else_=DisputeHandling.resolve_by)
"""When it must have our first answer, or its decision, whichever comes first."""
NEWEST_FIRST = (Dispute.ended_at.desc(), Dispute.id.desc())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which disputes are looked for: of one owner, or of nobody; with a reason; only those that are late."""

    owner_id: int | None = None
    is_nobodys: bool = False
    reason: Reason | None = None
    is_late: bool = False

    def conditions(self, at: datetime) -> list[ColumnElement[bool]]:
        """What their rows have to meet at that moment."""
        found: list[ColumnElement[bool]] = []
        if self.owner_id is not None:
            found.append(DisputeHandling.owner_id == self.owner_id)
        if self.is_nobodys:
            found.append(DisputeHandling.owner_id.is_(None))
        if self.reason is not None:
            found.append(Dispute.reason == self.reason)
        if self.is_late:
            found += [Dispute.status.in_(OURS), at > DUE]
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the moment by which its last dispute stands there, and its id."""

    at: datetime
    id: int


ANYTHING = Wanted()


def due_of(row: AnyRow) -> datetime | None:
    """When a row of `queries` must have our answer or decision; None while it is not our turn."""
    return _due(row) if row.status in OURS else None


def column(
    session: Session, which: Column, wanted: Wanted = ANYTHING, *, after: Place | None = None, limit: int
) -> AnyRows:
    """A page of one column: what is due first on top, of those that have ended the newest."""
    conditions = [Dispute.status.in_(STATUSES[which]), *wanted.conditions(now(session))]
    order = NEWEST_FIRST if which is Column.ENDED else (DUE, Dispute.id)
    if after is not None:
        conditions.append(_beyond(which, after))
    return session.execute(SHOWN.where(*conditions).order_by(*order).limit(limit)).all()


def lately(session: Session, wanted: Wanted = ANYTHING, *, limit: int) -> AnyRows:
    """What has ended in the last days, the newest first."""
    since = now(session) - timedelta(days=LATELY_DAYS)
    statement = SHOWN.where(Dispute.ended_at >= since, *wanted.conditions(now(session)))
    return session.execute(statement.order_by(*NEWEST_FIRST).limit(limit)).all()


def place_of(which: Column, row: AnyRow) -> Place:
    """Where a page of a column ends that has this row last."""
    if which is Column.ENDED:
        return Place(row.ended_at, row.id)
    return Place(_due(row), row.id)


def counts(session: Session, wanted: Wanted = ANYTHING) -> dict[Column, int]:
    """How many stand in each column that is not over."""
    rows = session.execute(
        select(Dispute.status, func.count().label("many"))
        .join(DisputeHandling, DisputeHandling.dispute_id == Dispute.id)
        .where(Dispute.status.in_(LIVE), *wanted.conditions(now(session)))
        .group_by(Dispute.status)
    )
    by_status = {row.status: row.many for row in rows}
    live = (Column.NEW, Column.LOOKED_INTO, Column.WAITING)
    return {which: sum(by_status.get(status, 0) for status in STATUSES[which]) for which in live}


def _beyond(which: Column, place: Place) -> ColumnElement[bool]:
    """What stands after a place."""
    if which is Column.ENDED:
        return tuple_(Dispute.ended_at, Dispute.id) < (place.at, place.id)
    return tuple_(DUE, Dispute.id) > (place.at, place.id)


def _due(row: AnyRow) -> datetime:
    due: datetime = row.resolve_by if row.answered_at else min(row.answer_by, row.resolve_by)
    return due
