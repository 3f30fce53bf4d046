"""Shifting parts: by whole periods of the plan's own rhythm, past a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plans.schedule import Shape, days_of
from domain.plans.shifting import shifted
from domain.policies.sections import Frequency

LAST_DAYS = Shape(count=4, frequency=Frequency.MONTHLY, first_on=date(2026, 1, 31))


def test_month_ends_stay_month_ends() -> None:
    days = dict(enumerate(days_of(Frequency.MONTHLY, LAST_DAYS.first_on, 4)))
    unpaid = {number: day for number, day in days.items() if number}

    moved = shifted(LAST_DAYS, unpaid, since=date(2026, 2, 10), past=date(2026, 3, 31), closed=None)

    assert list(moved.values()) == [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]


def test_what_was_due_before_and_is_due_again_comes_to_the_first_day_past() -> None:
    unpaid = {0: date(2026, 1, 31), 3: date(2026, 4, 30)}

    moved = shifted(LAST_DAYS, unpaid, since=date(2026, 4, 20), past=date(2026, 5, 20), closed=None)

    assert moved == {0: date(2026, 5, 31), 3: date(2026, 5, 31)}


def test_what_falls_on_a_closed_day_is_due_on_the_next_open_one() -> None:
    weekly = Shape(count=3, frequency=Frequency.WEEKLY, first_on=date(2026, 3, 2))
    unpaid = {1: date(2026, 3, 2), 2: date(2026, 3, 9), 3: date(2026, 3, 16)}

    moved = shifted(weekly, unpaid, since=date(2026, 3, 1), past=date(2026, 3, 10), closed={date(2026, 3, 16)})

    assert list(moved.values()) == [date(2026, 3, 17), date(2026, 3, 23), date(2026, 3, 30)]


@given(
    frequency=st.sampled_from(Frequency),
    first_on=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    count=st.integers(1, 40),
    into=st.integers(-30, 300),
    days=st.integers(0, 366),
    on_business_days=st.booleans(),
)
def test_whatever_is_moved_comes_past_the_pause_keeps_its_order_and_is_never_sooner(
    frequency: Frequency, first_on: date, count: int, into: int, days: int, on_business_days: bool
) -> None:
    shape = Shape(count=count, frequency=frequency, first_on=first_on)
    closed = frozenset[date]() if on_business_days else None
    since = first_on + timedelta(days=into)
    past = since + timedelta(days=days)
    before = {number: day for number, day in enumerate(days_of(frequency, first_on, count)) if day >= since}

    moved = shifted(shape, before, since=since, past=past, closed=closed)

    assert all(moved[number] >= day for number, day in before.items())
    assert list(moved.values()) == sorted(moved.values())
    assert all(day > past for day in moved.values())
    again = shifted(shape, moved, since=since, past=past, closed=closed)
    assert again == moved


@pytest.mark.parametrize("frequency", Frequency)
def test_nothing_moves_where_all_is_past_already(frequency: Frequency) -> None:
    shape = Shape(count=3, frequency=frequency, first_on=date(2026, 5, 15))
    days = dict(enumerate(days_of(frequency, shape.first_on, 3)))

    assert shifted(shape, days, since=date(2026, 4, 1), past=date(2026, 5, 14), closed=None) == days
