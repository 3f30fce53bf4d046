"""Cadence: on which days reports are sent, and which days they are about."""

from __future__ import annotations

from datetime import date

import pytest

from domain.reporting.brought.promises import PROMISES
from domain.reporting.forecasting.sheet import CASH
from domain.reporting.handoff_sheet import HANDOFFS
from domain.reporting.kept.model import Cadence
from domain.reporting.schedules.cadence import asked_on, next_after, quarter_of
from domain.shared.working_time import WorkingWeek

CHRISTMAS = date(2026, 12, 25)
WEEK = WorkingWeek(9, 17, "Europe/London", frozenset({CHRISTMAS}))


@pytest.mark.parametrize(
    ("cadence", "day", "following"),
    [
        (Cadence.DAILY, date(2026, 12, 23), date(2026, 12, 24)),
        (Cadence.DAILY, date(2026, 12, 24), date(2026, 12, 28)),
        (Cadence.WEEKLY, date(2026, 3, 9), date(2026, 3, 16)),
        (Cadence.WEEKLY, date(2026, 3, 15), date(2026, 3, 16)),
        (Cadence.MONTHLY, date(2026, 1, 31), date(2026, 2, 1)),
        (Cadence.MONTHLY, date(2026, 2, 1), date(2026, 3, 1)),
        (Cadence.QUARTERLY, date(2026, 11, 23), date(2027, 1, 1)),
        (Cadence.QUARTERLY, date(2026, 1, 1), date(2026, 4, 1)),
    ],
)
def test_the_next_day_of_each_kind(cadence: Cadence, day: date, following: date) -> None:
    assert next_after(cadence, day, WEEK) == following


@pytest.mark.parametrize(
    ("cadence", "day", "first", "last"),
    [
        (Cadence.DAILY, date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 9)),
        (Cadence.WEEKLY, date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 8)),
        (Cadence.MONTHLY, date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        (Cadence.QUARTERLY, date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_a_report_of_a_period_is_about_the_one_that_is_over(
    cadence: Cadence, day: date, first: date, last: date
) -> None:
    for report in (PROMISES, HANDOFFS):
        asked = asked_on(report, cadence, day)
        assert (asked.first, asked.last) == (first, last)


def test_what_looks_ahead_is_about_the_day_itself() -> None:
    assert asked_on(CASH, Cadence.WEEKLY, date(2026, 3, 9)).last == date(2026, 3, 9)


def test_quarters_begin_four_times_a_year() -> None:
    assert {quarter_of(date(2026, month, 17)).month for month in range(1, 13)} == {1, 4, 7, 10}
