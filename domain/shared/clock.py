"""Time: UTC instants from a clock that tests and the demo can move, and business days in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """The present instant, in UTC, with its zone."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved: for tests and for telling the demo's eighteen months."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant that this clock was last set to."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Set the clock."""
        self._now = instant.astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Move the clock on by a `timedelta`'s keywords (`days=1, hours=2`)."""
        self._now += timedelta(**amount)


def day_in(instant: datetime, zone: str) -> date:
    """The calendar day that `instant` falls on in the IANA time zone `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant after `day` in `zone`, as UTC: what happened before it happened by that day."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of `day` in `zone`, as UTC: when what is known by its day alone is said to have happened."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
