"""Clock: the last day on which a debt can be enforced, reckoned from values alone, and what it was that moved it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.limitations.rules import Restart, Rule, RunsFrom, YearEnd
from domain.shared.errors import N_


class Happened(StrEnum):
    """What moves the clock, in the order in which it counts where it is of the same day."""

    SUSPENDED = "suspended"
    PART_PAYMENT = "part_payment"
    ACKNOWLEDGED = "acknowledged"
    RESUMED = "resumed"
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    JUDGMENT = "judgment"


HAPPENED_NAMES = {
    Happened.SUSPENDED: N_("The time stands still"),
    Happened.PART_PAYMENT: N_("Part payment"),
    Happened.ACKNOWLEDGED: N_("Acknowledged in writing"),
    Happened.RESUMED: N_("The time goes on"),
    Happened.FILED: N_("Before the court"),
    Happened.WITHDRAWN: N_("No longer before the court"),
    Happened.JUDGMENT: N_("Judgment"),
}
"""What each is called on the screen."""
_ORDER = {each: place for place, each in enumerate(Happened)}


class Since(StrEnum):
    """What the time that runs now was started by."""

    DUE = "due"
    ISSUED = "issued"
    YEAR_END = "year_end"
    PART_PAYMENT = "part_payment"
    ACKNOWLEDGED = "acknowledged"
    JUDGMENT = "judgment"


SINCE_NAMES = {
    Since.DUE: N_("the day on which it was due"),
    Since.ISSUED: N_("the day of the invoice"),
    Since.YEAR_END: N_("the end of the year in which it was due"),
    Since.PART_PAYMENT: N_("a part payment"),
    Since.ACKNOWLEDGED: N_("an acknowledgement in writing"),
    Since.JUDGMENT: N_("the judgment"),
}
"""What each is called within a sentence: the time runs from …"""


class State(StrEnum):
    """What a clock says on a day."""

    RUNNING = "running"
    STANDS_STILL = "stands_still"
    PENDING = "pending"
    ENDLESS = "endless"
    BARRED = "barred"


STATE_NAMES = {
    State.RUNNING: N_("Can be enforced"),
    State.STANDS_STILL: N_("The time stands still"),
    State.PENDING: N_("Before a court in time"),
    State.ENDLESS: N_("The judgment holds without an end"),
    State.BARRED: N_("Can no longer be enforced"),
}
"""What each state is called on the screen."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a debt; `moved` is filled by the clock: whether it changed anything."""

    happened: Happened
    on: date
    moved: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of one debt. `last_on` is the last day on which it can be enforced; None while none can be named."""

    rule: Rule
    started_on: date
    since: Since
    last_on: date | None
    still: State | None
    events: Sequence[Event] = field(default=())

    def state(self, day: date) -> State:
        """What it says on a day."""
        if self.still is not None:
            return self.still
        return State.BARRED if self.last_on is not None and day > self.last_on else State.RUNNING

    def is_barred(self, day: date) -> bool:
        """Whether the debt can no longer be enforced on a day."""
        return self.state(day) is State.BARRED

    def is_extinguished(self, day: date) -> bool:
        """Whether the debt itself is gone with the time."""
        return self.rule.extinguishes and self.is_barred(day) and self.since is not Since.JUDGMENT


@dataclass(frozen=True, slots=True)
class _Run:
    """One stretch of time: from which day, how many days of it did not count, and what stands still right now."""

    rule: Rule
    base: date
    since: Since
    idle: int = 0
    standing: date | None = None
    filed: date | None = None

    @property
    def last_on(self) -> date | None:
        """The last day, as if nothing stood still any more; None where a judgment holds for ever."""
        years = self.rule.judgment_years if self.since is Since.JUDGMENT else self.rule.years
        if years is None:
            return None
        last = add_years(self.base, years) + timedelta(days=self.idle)
        return year_end(last) if self.rule.year_end is YearEnd.TO else last

    def is_over(self, day: date) -> bool:
        """Whether the time was over before a day."""
        waits = self.standing is not None or (self.filed is not None and self.rule.court_suspends)
        return not waits and self.last_on is not None and day > self.last_on


def reckon(rule: Rule, *, due_on: date, issued_on: date, events: Iterable[Event] = ()) -> Clock:
    """The clock of a debt by one rule, after all that happened to it.

    What started the time anew before it ran, or once it was over, moves nothing, unless the law says that it revives
    the debt. A judgment counts whenever it comes, and after it nothing but another one.
    """
    run = _first(rule, due_on, issued_on)
    seen = []
    for event in sorted(events, key=lambda one: (one.on, _ORDER[one.happened])):
        after = _after(run, event)
        seen.append(replace(event, moved=after != run))
        run = after
    return Clock(rule, run.base, run.since, None if _still(run) else run.last_on, _still(run), tuple(seen))


def add_years(day: date, years: int) -> date:
    """The same day so many years later; the 29 February is the 28th where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def year_end(day: date) -> date:
    """The last day of a day's year."""
    return date(day.year, 12, 31)


def _first(rule: Rule, due_on: date, issued_on: date) -> _Run:
    since = Since.ISSUED if rule.runs_from is RunsFrom.ISSUED else Since.DUE
    base = issued_on if since is Since.ISSUED else due_on
    return _Run(rule, year_end(base), Since.YEAR_END) if rule.year_end is YearEnd.FROM else _Run(rule, base, since)


def _after(run: _Run, event: Event) -> _Run:
    """The run after something happened; the same one where it moved nothing."""
    match event.happened:
        case Happened.JUDGMENT:
            return _Run(run.rule, event.on, Since.JUDGMENT)
        case _ if run.since is Since.JUDGMENT:
            return run
        case Happened.PART_PAYMENT | Happened.ACKNOWLEDGED:
            return _restarted(run, event)
        case Happened.SUSPENDED:
            if run.standing is not None or run.is_over(event.on):
                return run
            return replace(run, standing=max(event.on, run.base))
        case Happened.RESUMED:
            return _resumed(run, event.on)
        case Happened.FILED:
            return run if run.filed is not None or run.is_over(event.on) else replace(run, filed=event.on)
        case Happened.WITHDRAWN:
            return _withdrawn(run, event.on)


def _restarted(run: _Run, event: Event) -> _Run:
    restart = Restart(event.happened.value)
    too_late = run.is_over(event.on) and restart not in run.rule.revived_by
    if restart not in run.rule.restarts or event.on <= run.base or too_late:
        return run
    standing = event.on if run.standing is not None else None
    return replace(run, base=event.on, since=Since(restart.value), idle=0, standing=standing)


def _resumed(run: _Run, on: date) -> _Run:
    if run.standing is None:
        return run
    return replace(run, standing=None, idle=run.idle + max(0, (on - run.standing).days))


def _withdrawn(run: _Run, on: date) -> _Run:
    """A claim that came to nothing: only some laws let the time stand still for it."""
    if run.filed is None:
        return run
    idle = (on - max(run.filed, run.base)).days if run.rule.court_suspends and run.standing is None else 0
    return replace(run, filed=None, idle=run.idle + max(0, idle))


def _still(run: _Run) -> State | None:
    if run.filed is not None:
        return State.PENDING
    if run.standing is not None:
        return State.STANDS_STILL
    return State.ENDLESS if run.last_on is None else None
