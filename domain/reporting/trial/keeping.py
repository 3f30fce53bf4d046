"""Keeping: a trial of many accounts is made by the worker, some at a time, and kept with what it was made from.

What is kept goes stale when the draft, or what rules whom, changes afterwards; it stays until another is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from domain.outbox import sending
from domain.policies.model import PolicyAssignment, PolicyVersion
from domain.policies.sections import Sections
from domain.reporting.trial import scope
from domain.reporting.trial.model import PARTS, TRIALS, UNDER_WAY
from domain.reporting.trial.plain import from_plain, row_from_plain, row_to_plain, to_plain
from domain.reporting.trial.sums import RowSum, Sums, rows_of, summed, together
from domain.reporting.trial.trying import check_days, try_out
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, NotFound

SMALL = 100
"""Up to so many accounts are tried while somebody waits."""
AT_ONCE = 400
"""So many accounts are tried by one message: some seconds, after which a report that waits has its turn."""
PATIENCE = timedelta(hours=1)
"""A trial that has not gone on for so long is given up, and another can be asked for."""
FORGOTTEN = timedelta(days=90)
"""Kept trials that are older are removed."""
ASKED = ("policy_id", "whom", "first_on", "last_on")


class WorkTrial(sending.Message, frozen=True):
    """Go on with a trial: try it on the next accounts."""

    kind: ClassVar[str] = "work_trial"

    trial_id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried: a policy, on whom (a word of `scope`), and the days."""

    policy_id: int
    whom: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A trial as it was made: when, from which sections, its sums, and whether those are still what would be tried.

    `is_stale` where the sections are others now, `is_ruled_otherwise` where a version was published since, or others
    are ruled by it.
    """

    id: int
    made_at: datetime
    sections: Sections
    sums: Sums
    is_stale: bool
    is_ruled_otherwise: bool


@dataclass(frozen=True, slots=True)
class Working:
    """A trial that is being made: of so many accounts so many are tried; none is counted before it has begun."""

    tried: int = 0
    accounts: int = 0

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * self.tried // self.accounts if self.accounts else 0


def is_slow(session: Session, wanted: Wanted) -> bool:
    """Whether it takes too long to be made while somebody waits. NotFound where its accounts say nothing."""
    return scope.count_of(session, wanted.policy_id, wanted.whom, SMALL + 1) > SMALL


def kept(session: Session, wanted: Wanted) -> Kept | None:
    """What was made last of this; None where nothing was."""
    row = session.execute(
        select(TRIALS).where(*_same(wanted), TRIALS.c.made_at.is_not(None)).order_by(TRIALS.c.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _kept(session, row)


def kept_by_id(session: Session, policy_id: int, trial_id: int) -> Kept:
    """A trial of a policy that is kept; NotFound where it is not, or not any more."""
    made = (TRIALS.c.id == trial_id, TRIALS.c.policy_id == policy_id, TRIALS.c.made_at.is_not(None))
    row = session.execute(select(TRIALS).where(*made)).one_or_none()
    if row is None:
        raise NotFound(N_("This trial is not kept any more."))
    return _kept(session, row)


def working(session: Session, wanted: Wanted) -> Working | None:
    """How far one of this is that is being made; None where none is."""
    row = session.execute(
        select(TRIALS.c.tried, TRIALS.c.accounts).where(
            *_same(wanted), TRIALS.c.made_at.is_(None), TRIALS.c.moved_at >= now(session) - PATIENCE
        )
    ).one_or_none()
    return None if row is None else Working(row.tried, row.accounts)


def ask(session: Session, wanted: Wanted) -> None:
    """Have it made from what the draft says now, once for everybody who waits for the same; Invalid for its days.

    What has not gone on for long, and what is old, is removed.
    """
    check_days(session, wanted.first, wanted.last)
    _remove(session, *_same(wanted), TRIALS.c.made_at.is_(None), TRIALS.c.moved_at < now(session) - PATIENCE)
    _remove(session, TRIALS.c.asked_at < now(session) - FORGOTTEN)
    values = {
        "policy_id": wanted.policy_id,
        "whom": wanted.whom,
        "first_on": wanted.first,
        "last_on": wanted.last,
        "sections": scope.tried_sections(session, wanted.policy_id),
        "ruling": _ruling(session),
        "asked_at": now(session),
        "moved_at": now(session),
        "made_at": None,
        "accounts": 0,
        "tried": 0,
        "after": 0,
        "body": {},
    }
    trial_id = insert_if_new(session, TRIALS, ASKED, values, where=str(UNDER_WAY))
    if trial_id is not None:
        sending.add(session, WorkTrial(trial_id))


def work(database: Database, message: WorkTrial) -> None:
    """Try it on the next accounts and keep what came of them; leave the rest to another message. Safe to repeat.

    The accounts are tried before the transaction that keeps it, so that nobody who writes waits for it.
    """
    with database.reading() as session:
        trial = session.execute(_under_way(message)).one_or_none()
        if trial is None:
            return
        wanted = Wanted(trial.policy_id, trial.whom, trial.first_on, trial.last_on)
        accounts = trial.accounts or scope.count_of(session, wanted.policy_id, wanted.whom)
        ids = scope.next_of(session, wanted.policy_id, wanted.whom, trial.after, AT_ONCE)
        found = try_out(session, trial.sections, ids, wanted.first, wanted.last)
    with database.transaction() as session:
        locked = session.execute(_under_way(message).with_for_update()).one_or_none()
        if locked is None or locked.after != trial.after:
            return
        tried = trial.tried + len(ids)
        values = {
            "accounts": max(accounts, tried),
            "tried": tried,
            "moved_at": now(session),
            "body": to_plain(together(from_plain(trial.body), summed(found))),
        }
        if ids:
            rows = [[each.currency, row_to_plain(row)] for each in found.currencies for row in rows_of(each)]
            session.execute(insert(PARTS).values(trial_id=trial.id, place=ids[-1], rows=rows))
            values["after"] = ids[-1]
        if len(ids) == AT_ONCE:
            sending.add(session, message)
        else:
            values["made_at"] = now(session)
            _remove(session, *_same(wanted), TRIALS.c.id < trial.id)
        session.execute(update(TRIALS).where(TRIALS.c.id == trial.id).values(values))


def all_rows(session: Session, trial_id: int) -> Iterator[tuple[str, RowSum]]:
    """Every account of a kept trial with its currency, in the order of the accounts."""
    places = session.scalars(select(PARTS.c.id).where(PARTS.c.trial_id == trial_id).order_by(PARTS.c.place)).all()
    for place in places:
        for currency, row in session.scalars(select(PARTS.c.rows).where(PARTS.c.id == place)).one():
            yield currency, row_from_plain(row)


def _kept(session: Session, row: AnyRow) -> Kept:
    is_stale = row.sections != scope.tried_sections(session, row.policy_id)
    return Kept(row.id, row.made_at, row.sections, from_plain(row.body), is_stale, row.ruling != _ruling(session))


def _same(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    return (
        TRIALS.c.policy_id == wanted.policy_id,
        TRIALS.c.whom == wanted.whom,
        TRIALS.c.first_on == wanted.first,
        TRIALS.c.last_on == wanted.last,
    )


def _under_way(message: WorkTrial) -> Select[Any]:
    return select(TRIALS).where(TRIALS.c.id == message.trial_id, TRIALS.c.made_at.is_(None))


def _remove(session: Session, *where: ColumnElement[bool]) -> None:
    session.execute(delete(TRIALS).where(*where))


def _ruling(session: Session) -> str:
    """Which versions there are, and whom they rule, in one word."""
    newest = (session.scalar(select(func.max(of))) or 0 for of in (PolicyVersion.id, PolicyAssignment.id))
    return "-".join(map(str, newest))
