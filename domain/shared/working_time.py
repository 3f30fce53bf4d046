"""Working time: when somebody is there to answer, and how long so many hours or days of theirs take; pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
"""Of `date.weekday`: from it on, nobody works."""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """From which to which full hour of the clock in `zone` people work, Monday to Friday but on `closed` days.

    Raises ValueError for hours that are none.
    """

    opens: int
    closes: int
    zone: str
    closed: Container[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24:
            raise ValueError("a working day begins before it ends, within one day")

    def is_open(self, day: date) -> bool:
        """Whether anybody works that day."""
        return day.weekday() < SATURDAY and day not in self.closed

    def after_hours(self, start: datetime, hours: int) -> datetime:
        """When `hours` of work that begins at `start` are over, as UTC; what is left at closing goes on next morning.

        Hours are those of the wall clock, so that a day on which the clocks change is as long as any other.
        """
        local = start.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        left = timedelta(hours=hours)
        while True:
            begins, ends = self._hours_of(local.date())
            at = max(local, begins)
            if self.is_open(local.date()) and at < ends:
                if left <= ends - at:
                    return self._utc(at + left)
                left -= ends - at
            local = datetime.combine(local.date() + timedelta(days=1), time())

    def after_days(self, start: datetime, days: int) -> datetime:
        """The end of the working day that is `days` working days after that of `start`, as UTC."""
        day = start.astimezone(ZoneInfo(self.zone)).date()
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_open(day)
        while not self.is_open(day):
            day += timedelta(days=1)
        return self._utc(self._hours_of(day)[1])

    def _hours_of(self, day: date) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time())
        return midnight + timedelta(hours=self.opens), midnight + timedelta(hours=self.closes)

    def _utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
