"""Days: which day's charges are still to be made, for which accounts; a day that was missed is made up for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.late_charges.facts import Rules, accounts_overdue
from domain.late_charges.model import LateChargeDay
from domain.policies import reference_rates
from domain.policies.rates import RateMissing
from domain.policies.sections import Reference
from domain.shared.db.session import now, today
from domain.tasks import opening as tasks
from domain.tasks.model import Task, TaskKind
from domain.tasks.working import settle

SUBJECT = "reference_rate"


@dataclass(frozen=True, slots=True)
class Turn:
    """The charges of `day`, when days up to `before` are done; all that changed after `since` has to be looked at."""

    day: date
    before: date
    since: datetime | None


def begin(session: Session) -> Turn:
    """Today's turn, noted as begun; begun again after a crash it is the same.

    Where a rate was entered since the last turn, or there was none, everything is looked at.
    """
    day = today(session)
    if session.get(LateChargeDay, day) is None:
        session.add(LateChargeDay(day=day, began_at=now(session)))
        session.flush()
    last = session.scalars(
        select(LateChargeDay)
        .where(LateChargeDay.day < day, LateChargeDay.done_at.is_not(None))
        .order_by(LateChargeDay.day.desc())
        .limit(1)
    ).first()
    if last is None:
        return Turn(day, day - timedelta(days=1), None)
    since = None if reference_rates.changed_since(session, last.began_at) else last.began_at
    return Turn(day, last.day, since)


def accounts_in(session: Session, ruling: Rules, turn: Turn) -> list[int]:
    """The accounts that have a turn, in the order of their ids."""
    return accounts_overdue(session, ruling, turn.day, since=turn.since)


def is_done(session: Session) -> bool:
    """Whether today's charges were all made."""
    mine = session.get(LateChargeDay, today(session))
    return mine is not None and mine.done_at is not None


def end(session: Session, turn: Turn) -> None:
    """Note that all accounts had their turn."""
    session.get_one(LateChargeDay, turn.day).done_at = now(session)


def ask_for_rates(session: Session, missing: Collection[RateMissing]) -> None:
    """Ask staff for the rates that were missing and for those that today is without; what is known is asked no more."""
    wanted = {(each.reference, each.day) for each in (*missing, *reference_rates.missing_today(session))}
    for reference, day in sorted(wanted):
        tasks.open_task(
            session,
            TaskKind.RATE_MISSING,
            subject=(SUBJECT, f"{reference.value}:{day}"),
            detail={"rate": reference.value, "day": day.isoformat()},
        )
    settle_known(session)


def settle_known(session: Session) -> int:
    """Finish the tasks that ask for a rate that is known by now; how many there were."""
    table, settled = reference_rates.rate_table(session), 0
    asked = select(Task.subject_id).where(Task.kind == TaskKind.RATE_MISSING, Task.done_at.is_(None))
    for subject in session.scalars(asked).all():
        name, _, day = subject.partition(":")
        try:
            table.at(Reference(name), date.fromisoformat(day))
        except RateMissing:
            continue
        settle(session, TaskKind.RATE_MISSING, subject=(SUBJECT, subject))
        settled += 1
    return settled
