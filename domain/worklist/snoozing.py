"""Snoozing: work is put off until a day, and comes back to the queue by itself; or is called back before."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Invalid
from domain.tasks.model import TASKS, Task
from domain.tasks.working import open_one
from domain.worklist.deadlines import due_days

LONGEST = timedelta(days=90)
"""So long work can be put off; what waits longer is forgotten, not put off."""
DAYS_OF_A_WEEK = 7


class Until(StrEnum):
    """Until when, in words."""

    TOMORROW = "tomorrow"
    THREE_DAYS = "three_days"
    NEXT_WEEK = "next_week"
    DAY = "day"


UNTIL_NAMES = {
    Until.TOMORROW: N_("Until tomorrow"),
    Until.THREE_DAYS: N_("For 3 days"),
    Until.NEXT_WEEK: N_("Until next Monday"),
    Until.DAY: N_("Until a day"),
}
"""What each is called on the screen."""


def day_of(until: Until, day: date) -> date | None:
    """The day on which work that is put off on `day` comes back; None for a day that is still to be named."""
    if until is Until.TOMORROW:
        return day + timedelta(days=1)
    if until is Until.THREE_DAYS:
        return day + timedelta(days=3)
    return day + timedelta(days=DAYS_OF_A_WEEK - day.weekday()) if until is Until.NEXT_WEEK else None


def snooze(session: Session, task_id: int, until_on: date, *, actor: Actor) -> None:
    """Put an open task off until the beginning of that day, in the business's time zone.

    Conflict where it is done; Invalid for a day that is not to come, is too far ahead, or lies behind
    its last day, where that is still to come.
    """
    task, day = open_one(session, task_id), today(session)
    if until_on <= day:
        raise Invalid(N_("Choose a day that is still to come."), field="until_on")
    if until_on > day + LONGEST:
        raise Invalid(N_("Choose a day until {latest}."), field="until_on", latest=day + LONGEST)
    row = session.execute(select(TASKS).where(TASKS.c.id == task_id)).one()
    last = due_days(session, [row]).get(task_id)
    if last is not None and day <= last < until_on:
        raise Invalid(N_("It must be done by {last}: it cannot be put off beyond that."), field="until_on", last=last)
    task.snoozed_until = start_of_day(until_on, business(session).time_zone)
    _record(session, task, "task.snoozed", actor, after={"until_on": until_on})


def wake(session: Session, task_id: int, *, actor: Actor) -> None:
    """Call a task back that was put off; nothing where it was not. Conflict where it is done."""
    task = open_one(session, task_id)
    if task.snoozed_until is None or task.snoozed_until <= now(session):
        return
    task.snoozed_until = None
    _record(session, task, "task.woken", actor, after=None)


def _record(session: Session, task: Task, act: str, actor: Actor, *, after: dict[str, object] | None) -> None:
    session.flush()
    record(session, act, actor=actor, subject=("task", task.id), account_id=task.account_id, after=after)
