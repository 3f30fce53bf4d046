"""Queue: what waits for somebody, the most worthwhile first: mine, my team's, nobody's, or all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from domain.approvals.queries import subjects_asked_by
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.tasks.model import TASK_WORDS, TASKS, TaskKind
from domain.worklist import ranking
from domain.worklist.belonging import nobodys, theirs
from domain.worklist.belonging import owners as owners_of
from domain.worklist.model import TASK_WEIGHTS
from domain.worklist.needs import ASKED
from domain.worklist.ranking import Factor, Known
from domain.worklist.weighing import gathered
from domain.worklist.worth import AMOUNT, NOTHING, Standing, Worth, standings, worths


class Whose(StrEnum):
    """The lists: one's own, the team's, what is nobody's, everything, and what somebody has put off."""

    MINE = "mine"
    TEAM = "team"
    NOBODY = "nobody"
    ALL = "all"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which work somebody wants to see: `staff_id` and `team` are theirs; one `kind` of it, or all."""

    whose: Whose
    staff_id: int
    team: str | None = None
    kind: TaskKind | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task stands; whatever comes after it stands behind."""

    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work: the task, who does it, what is known of it, and what each factor adds to its place."""

    id: int
    kind: TaskKind
    subject_kind: str
    subject_id: str
    account_id: int | None
    detail: dict[str, Any]
    opened_at: datetime
    given_id: int | None
    snoozed_until: datetime | None
    rank: int
    known: Known
    parts: Mapping[Factor, int]
    worth_name: str = AMOUNT
    """What its amount is, as a message id."""
    owner_id: int | None = None
    """Whoever does it: to whom it was given, else who looks after the account, stand-ins followed."""

    @property
    def words(self) -> str:
        """What it is about, as a message id."""
        return TASK_WORDS[self.kind]

    @property
    def worth(self) -> Money | None:
        """What it is worth now: its own amount, else what is late on the account."""
        amount, currency = self.known.amount_minor, self.known.currency
        return None if amount is None or currency is None else Money(amount, currency)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.rank, self.id)


def items(session: Session, wanted: Wanted, *, after: Place | None = None, limit: int = 50) -> list[Item]:
    """What waits, the most worthwhile first, after the last one seen."""
    return _read(session, [*_conditions(session, wanted), *_behind(after)], limit)


def of_tasks(session: Session, task_ids: list[int]) -> list[Item]:
    """These tasks, done or not, in the order given; those that there are not are left out."""
    found = {item.id: item for item in _read(session, [TASKS.c.id.in_(task_ids)], len(task_ids))}
    return [found[one] for one in task_ids if one in found]


def item(session: Session, task_id: int) -> Item | None:
    """One task as the queue has it; None where there is none."""
    return next(iter(of_tasks(session, [task_id])), None)


def following(session: Session, wanted: Wanted, after: Place | None) -> int | None:
    """The id of the next one: the first behind that place, else the first of all; None where nothing waits."""
    conditions = _conditions(session, wanted)
    first = select(TASKS.c.id).order_by(TASKS.c.rank, TASKS.c.id).limit(1)
    if after is None:
        return session.scalar(first.where(*conditions))
    conditions.append(TASKS.c.id != after.id)
    behind = session.scalar(first.where(*conditions, *_behind(after)))
    return behind if behind is not None else session.scalar(first.where(*conditions))


def place_of(session: Session, task_id: int) -> Place | None:
    """Where a task stands, or stood when it was done."""
    row = session.execute(select(TASKS.c.rank, TASKS.c.id).where(TASKS.c.id == task_id)).one_or_none()
    return None if row is None else Place(row.rank, row.id)


def counts(session: Session, wanted: Wanted) -> dict[Whose, int]:
    """How much waits in each list; all kinds."""
    return _counted(session, wanted, Whose)


def first_shown(session: Session, staff_id: int) -> int:
    """How much waits in the list that somebody is shown without a choice: mine where anything is mine, else all."""
    found = _counted(session, Wanted(Whose.ALL, staff_id), (Whose.MINE, Whose.ALL))
    return found[Whose.MINE] or found[Whose.ALL]


def _counted(session: Session, wanted: Wanted, which: Iterable[Whose]) -> dict[Whose, int]:
    lists = {whose: _conditions(session, replace(wanted, whose=whose, kind=None)) for whose in which}
    counted = {
        whose: select(func.count()).select_from(TASKS).where(*conditions).scalar_subquery().label(whose.value)
        for whose, conditions in lists.items()
    }
    row = session.execute(select(*counted.values())).one()
    return {whose: row._mapping[whose.value] for whose in lists}


def kinds(session: Session, wanted: Wanted) -> dict[TaskKind, int]:
    """How much of each kind waits in this list, the most first."""
    many = func.count().label("many")
    rows = session.execute(
        select(TASKS.c.kind, many)
        .where(*_conditions(session, replace(wanted, kind=None)))
        .group_by(TASKS.c.kind)
        .order_by(many.desc(), TASKS.c.kind)
    )
    return {row.kind: row.many for row in rows}


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [TASKS.c.done_at.is_(None)]
    waits = _waits_now(session)
    found.append(or_(TASKS.c.kind != ASKED, TASKS.c.subject_id.not_in(subjects_asked_by(wanted.staff_id))))
    found += [~waits] if wanted.whose is Whose.SNOOZED else [waits, *_whose(session, wanted)]
    if wanted.kind is not None:
        found.append(TASKS.c.kind == wanted.kind)
    return found


def _waits_now(session: Session) -> ColumnElement[bool]:
    """Whether nobody has put it off until later than now."""
    return or_(TASKS.c.snoozed_until.is_(None), TASKS.c.snoozed_until <= now(session))


def _whose(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    match wanted.whose:
        case Whose.MINE:
            return [theirs(session, wanted.staff_id)]
        case Whose.TEAM:
            return [theirs(session, wanted.staff_id, wanted.team)]
        case Whose.NOBODY:
            return [nobodys(session)]
        case _:
            return []


def _behind(after: Place | None) -> list[ColumnElement[bool]]:
    return [] if after is None else [tuple_(TASKS.c.rank, TASKS.c.id) > (after.rank, after.id)]


def _read(session: Session, conditions: list[ColumnElement[bool]], limit: int) -> list[Item]:
    rows = session.execute(
        select(TASKS, TASK_WEIGHTS.c.known)
        .outerjoin(TASK_WEIGHTS, TASK_WEIGHTS.c.task_id == TASKS.c.id)
        .where(*conditions)
        .order_by(TASKS.c.rank, TASKS.c.id)
        .limit(limit)
    ).all()
    new = [row for row in rows if row.known is None]
    fresh = gathered(session, new, {}) if new else {}
    now_known = _as_it_stands(session, rows)
    owners = owners_of(session, rows)
    return [
        _item(row, fresh.get(row.id) or Known.read(row.known), now_known[row.id], owners.get(row.id)) for row in rows
    ]


def _as_it_stands(session: Session, rows: Sequence[AnyRow]) -> dict[int, tuple[Standing, int, Worth]]:
    """What is late on the account of each of these tasks now, for how many days, and what the task is worth."""
    day = today(session)
    standing = standings(session, day, {row.account_id for row in rows if row.account_id is not None})
    worth = worths(session, rows, standing)
    found = {}
    for row in rows:
        known = standing.get(row.account_id, NOTHING)
        found[row.id] = (known, (day - known.oldest).days if known.oldest else 0, worth[row.id])
    return found


def _item(row: AnyRow, weighed: Known, stands: tuple[Standing, int, Worth], owner_id: int | None) -> Item:
    standing, days_late, worth = stands
    known = replace(weighed, amount_minor=worth.minor, late_minor=standing.late_minor, days_late=days_late)
    return Item(
        id=row.id,
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        account_id=row.account_id,
        detail=row.detail,
        opened_at=row.opened_at,
        given_id=row.owner_id,
        snoozed_until=row.snoozed_until,
        rank=row.rank,
        known=known,
        parts=ranking.points(known),
        worth_name=worth.name,
        owner_id=owner_id,
    )
