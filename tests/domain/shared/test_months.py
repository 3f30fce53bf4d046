"""Months: the 31st is the last day of a shorter month, and leap years count."""

from __future__ import annotations

from datetime import date

import pytest

from domain.shared.months import day_of, month_end, months_later


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), 12, date(2027, 3, 31)),
        (date(2026, 3, 31), -4, date(2025, 11, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_a_day_that_a_month_lacks_is_its_last_one() -> None:
    assert [day_of(2026, month, 31) for month in (1, 2, 4)] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)]
    assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)
