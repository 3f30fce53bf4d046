"""Spells: days without a gap on which there is too much of something, from how it changes day by day; a pure file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.policies.interest import DAY
from domain.reporting.trial.history import Due
from domain.stops import holding
from domain.stops.holding import Hold

Deltas = dict[date, int]
"""By how much something changes on which day."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Days without a gap, both ends included, and the most that something came to on one of them."""

    since: date
    until: date
    most: int

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.until - self.since).days + 1


def spells(deltas: Mapping[date, int], first: date, last: date, *, least: int = 1) -> Iterator[Spell]:
    """The days from `first` to `last` on which the running sum of `deltas` is at least `least`."""
    turns = sorted({first, *(day for day in deltas if first < day <= last)})
    level = sum(minor for day, minor in deltas.items() if day < first)
    since, most = None, 0
    for start in turns:
        level += deltas.get(start, 0)
        if level < least:
            if since is not None:
                yield Spell(since, start - DAY, most)
            since, most = None, 0
        else:
            since, most = since or start, max(most, level)
    if since is not None:
        yield Spell(since, last, most)


def overdue_deltas(
    amount: int, changes: Mapping[date, int], due: Due, issued_on: date, days: int, holds: Sequence[Hold]
) -> Deltas:
    """How what is overdue of one debit item for more than `days` days changes, without what stops set aside."""
    late = timedelta(days=days + 1)
    turns = {issued_on, due.day + late, *changes}
    if due.before is not None and due.granted_on is not None:
        turns |= {due.before + late, due.granted_on}
    for hold in holds:
        turns |= {hold.from_on} | ({hold.last_on + DAY} if hold.last_on is not None else set())
    found, before = {}, 0
    for day in sorted(turns):
        left = amount + sum(minor for on, minor in changes.items() if on <= day)
        counts = day >= issued_on and due.on(day) + late <= day and left > 0
        minor = left - holding.held(holds, day, left) if counts else 0
        if minor != before:
            found[day] = minor - before
        before = minor
    return found


def excess(owed: Deltas, by_policy: int | None, own: Sequence[tuple[date, int | None]]) -> Deltas:
    """How what is owed above the limit changes; nothing is above no limit."""
    decided = dict(own)
    found: Deltas = {}
    level, before, limit = 0, 0, by_policy
    for day in sorted({*owed, *decided}):
        level += owed.get(day, 0)
        if day in decided:
            limit = by_policy if decided[day] is None else decided[day]
        above = max(0, level - limit) if limit is not None else 0
        if above != before:
            found[day] = above - before
        before = above
    return found


def gaps(checks: Sequence[tuple[date, date]]) -> Deltas:
    """1 while every check so far has expired, by the day on which each was made and its last good day."""
    found: Deltas = {}
    before = 0
    for day in sorted({on for made_on, until in checks for on in (made_on, until + DAY)}):
        good_until = max((until for made_on, until in checks if made_on <= day), default=day)
        expired = int(good_until < day)
        if expired != before:
            found[day] = expired - before
        before = expired
    return found
