"""Working time: hours of the people who answer, over nights, weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.public_holidays import closed_days
from domain.shared.working_time import WorkingWeek

LONDON = WorkingWeek(9, 17, "Europe/London", closed_days("GB"))
"""The holidays of all of Britain: Good Friday, and not Easter Monday, which Scotland works."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-03-16T12:00", 4, "2026-03-16T16:00"),
        ("2026-03-16T12:00", 5, "2026-03-16T17:00"),
        ("2026-03-16T12:00", 6, "2026-03-17T10:00"),
        ("2026-03-16T03:00", 1, "2026-03-16T10:00"),
        ("2026-03-20T16:00", 2, "2026-03-23T10:00"),
        ("2026-03-21T12:00", 8, "2026-03-23T17:00"),
        ("2026-04-02T15:30", 8, "2026-04-06T15:30"),
        ("2026-03-27T16:00", 2, "2026-03-30T09:00"),
    ],
    ids=["same day", "to its end", "over night", "before it opens", "weekend", "from a Saturday", "Easter", "clock"],
)
def test_hours_run_while_somebody_is_there(start: str, hours: int, ends: str) -> None:
    assert LONDON.after_hours(at(start), hours) == at(ends)


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        ("2026-03-16T12:00", 1, "2026-03-17T17:00"),
        ("2026-03-16T23:30", 1, "2026-03-17T17:00"),
        ("2026-03-19T12:00", 2, "2026-03-23T17:00"),
        ("2026-04-02T12:00", 1, "2026-04-06T16:00"),
    ],
)
def test_days_are_working_days_and_end_when_we_close(start: str, days: int, ends: str) -> None:
    assert LONDON.after_days(at(start), days) == at(ends)


@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(1, 60), st.integers(1, 60))
def test_hours_after_hours_are_all_those_hours(minutes: int, first: int, then: int) -> None:
    begun = at("2025-01-01T00:00") + timedelta(minutes=minutes)

    assert LONDON.after_hours(LONDON.after_hours(begun, first), then) == LONDON.after_hours(begun, first + then)


def test_a_day_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="begins before it ends"):
        WorkingWeek(17, 9, "Europe/London")
    assert not LONDON.is_open(date(2026, 12, 25))
