"""Time: days in their zones, across the changes of the clocks, and a clock to move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.clock import MovableClock, SystemClock, day_in, end_of_day

zones = st.sampled_from(["Europe/London", "America/New_York", "Pacific/Apia", "Asia/Kathmandu", "America/Santiago"])


def test_the_system_clock_says_its_zone() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_movable_clock_stands_until_it_is_moved() -> None:
    clock = MovableClock(datetime(2026, 3, 16, 12, tzinfo=UTC))

    clock.advance(days=1, hours=2)

    assert clock.now() == clock.now() == datetime(2026, 3, 17, 14, tzinfo=UTC)
    clock.move_to(datetime.fromisoformat("2026-01-01T01:00:00+01:00"))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "expected"), [("Europe/London", date(2026, 7, 1)), ("America/New_York", date(2026, 6, 30))]
)
def test_one_instant_is_two_days_in_two_zones(zone: str, expected: date) -> None:
    assert day_in(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), zone) == expected


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2028, 2, 29), 24), (date(2026, 12, 31), 24)],
)
def test_days_are_as_long_as_the_clocks_make_them(day: date, hours: int) -> None:
    before = end_of_day(day - timedelta(days=1), "Europe/London")

    assert end_of_day(day, "Europe/London") - before == timedelta(hours=hours)


@given(st.dates(date(2012, 1, 5), date(2035, 12, 31)), zones)
def test_the_end_of_a_day_is_the_first_instant_that_is_not_in_it(day: date, zone: str) -> None:
    end = end_of_day(day, zone)

    assert day_in(end, zone) > day
    assert day_in(end - timedelta(microseconds=1), zone) <= day
