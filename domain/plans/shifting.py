"""Shifting: later days for the parts of a plan, by whole periods of its own rhythm; pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from domain.plans.schedule import Shape, days_of, open_day

SHORTEST_PERIOD = 7
"""No rhythm has its days nearer to each other."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a rhythm, further than the plan goes: as the months have them, and as business days."""

    days: list[date]
    open_days: list[date]

    @classmethod
    def of(cls, shape: Shape, *, until: date, closed: Container[date] | None) -> Calendar:
        """The days of a plan's rhythm, to twice as far as that day."""
        periods = max(0, (until - shape.first_on).days) // SHORTEST_PERIOD
        days = days_of(shape.frequency, shape.first_on, 2 * periods + 4)
        return cls(days, [open_day(day, closed) for day in days])

    def first_past(self, day: date) -> int:
        """The place of the first day after that one."""
        return next(place for place, each in enumerate(self.open_days) if each > day)

    def place_of(self, day: date) -> int:
        """The place of the day that this one is, or was moved from because it was closed; -1 before the first."""
        return bisect_right(self.days, day) - 1


def shifted(
    shape: Shape, days: Mapping[int, date], *, since: date, past: date, closed: Container[date] | None
) -> dict[int, date]:
    """The days of some parts (part → day), moved by as many whole periods as bring the first one past a day.

    Month-ends stay month-ends, and with `closed` days the parts fall on business days again. A part whose own day was
    before `since`, because it is due again by now, comes to the first day past. No part is moved to an earlier day.
    """
    calendar = Calendar.of(shape, until=max([past, *days.values()]), closed=closed)
    first_past = calendar.first_past(past)
    places = {part: calendar.place_of(day) for part, day in days.items() if day >= max(since, shape.first_on)}
    by = max(0, first_past - min(places.values(), default=first_past))
    moved = {part: calendar.open_days[places[part] + by if part in places else first_past] for part in days}
    return {part: max(moved[part], day) for part, day in days.items()}
