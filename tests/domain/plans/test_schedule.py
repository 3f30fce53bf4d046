"""Schedules: whatever is agreed adds up to the cent, and its days go forward, keep to the calendar and open doors."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.plans.schedule import Due, Shape, days_of, schedule, span_months
from domain.policies.sections import Frequency
from domain.shared.money import Money
from domain.shared.months import day_of, months_later
from domain.shared.public_holidays import closed_days
from tests.support.builders import money
from tests.support.proving import Prove

A_DAY = timedelta(days=1)
FIRST = st.dates(date(2019, 1, 1), date(2044, 12, 31))
FREQUENCIES = st.sampled_from(Frequency)
COUNTS = st.integers(1, 260)
COUNTRIES = st.sampled_from([None, "GB", "US", "DE", "ES", "IL", "JP", "BR", "XX"])


@st.composite
def shapes(draw: st.DrawFn) -> tuple[Money, Money, Shape]:
    """A principal, what it bears, and the shape of a plan over them."""
    principal = draw(st.integers(1, 10**9))
    down = draw(st.just(0) | st.integers(0, principal - 1))
    shape = Shape(count=draw(COUNTS), frequency=draw(FREQUENCIES), first_on=draw(FIRST), down_minor=down)
    bears = draw(st.just(0) | st.integers(0, 10**7))
    return Money(principal, "GBP"), Money(bears, "GBP"), shape


@st.composite
def calendars(draw: st.DrawFn) -> Container[date]:
    """Days on which everything is closed: a country's, or any days and whole weeks of five years."""
    if draw(st.booleans()):
        return closed_days(draw(COUNTRIES))
    first = draw(FIRST)
    single = draw(st.frozensets(st.integers(0, 1_800), max_size=40))
    weeks = draw(st.frozensets(st.integers(0, 1_800), max_size=6))
    return frozenset(first + day * A_DAY for day in single | {start + day for start in weeks for day in range(9)})


def check(principal: Money, interest: Money, shape: Shape, closed: Container[date] | None) -> None:
    """All that must be so of a schedule, whatever it is made from."""
    signed_on = shape.first_on - timedelta(days=20)
    dues = schedule(principal, shape, signed_on=signed_on, interest=interest, closed=closed)
    parts = [due for due in dues if due.number]

    assert [due.number for due in dues] == list(range(0 if shape.down_minor else 1, shape.count + 1))
    assert Money.sum((due.amount for due in dues), "GBP") == principal + interest
    assert Money.sum((due.principal for due in dues), "GBP") == principal
    assert Money.sum((due.interest for due in dues), "GBP") == interest
    assert all(due.principal.minor >= 0 and due.interest.minor >= 0 for due in dues)
    if shape.down_minor:
        assert dues[0] == Due(0, signed_on, Money(shape.down_minor, "GBP"), Money.zero("GBP"))
    for one, following in pairwise(parts):
        assert 0 <= one.principal.minor - following.principal.minor <= 1
        assert 0 <= one.interest.minor - following.interest.minor <= 1
    assert all(one.on <= following.on for one, following in pairwise(dues))
    agreed = days_of(shape.frequency, shape.first_on, shape.count)
    for due, day in zip(parts, agreed, strict=True):
        _check_day(due.on, day, closed)


def _check_day(on: date, agreed: date, closed: Container[date] | None) -> None:
    """It is the first day from the agreed one on that is neither a weekend nor closed."""
    if closed is None:
        assert on == agreed
        return
    assert on >= agreed
    assert on.isoweekday() <= 5
    assert on not in closed
    between = (agreed + step * A_DAY for step in range((on - agreed).days))
    assert all(day.isoweekday() > 5 or day in closed for day in between)


@given(plan=shapes(), closed=st.none() | calendars())
def test_a_schedule_adds_up_and_goes_forward(plan: tuple[Money, Money, Shape], closed: Container[date] | None) -> None:
    check(*plan, closed)


@pytest.mark.faults
def test_so_do_ten_thousand(prove: Prove) -> None:
    @settings(max_examples=10_000, database=None)
    @given(plan=shapes(), closed=st.none() | calendars())
    def many(plan: tuple[Money, Money, Shape], closed: Container[date] | None) -> None:
        check(*plan, closed)

    many()
    prove(8, "10,000 schedules: any amount, count, rhythm, first day and closed days", "0 that do not add up")


@given(first_on=FIRST, count=COUNTS)
@example(first_on=date(2026, 1, 31), count=14)
@example(first_on=date(2023, 12, 30), count=14)
@example(first_on=date(2024, 2, 29), count=13)
def test_a_monthly_plan_keeps_its_day_and_goes_back_to_it_after_a_short_month(first_on: date, count: int) -> None:
    days = days_of(Frequency.MONTHLY, first_on, count)

    months = [first_on.year * 12 + first_on.month - 1 + index for index in range(count)]
    assert days == [day_of(month // 12, month % 12 + 1, first_on.day) for month in months]
    assert all(day.day == first_on.day or (day + A_DAY).day == 1 for day in days)


def test_the_31st_becomes_the_last_day_and_the_31st_again() -> None:
    days = days_of(Frequency.MONTHLY, date(2027, 12, 31), 5)

    assert [day.day for day in days] == [31, 31, 29, 31, 30]


@given(first_on=FIRST, count=COUNTS)
@example(first_on=date(2026, 1, 31), count=9)
@example(first_on=date(2026, 2, 15), count=9)
@example(first_on=date(2024, 2, 29), count=9)
def test_twice_a_month_is_two_days_of_every_month_from_the_first_on(first_on: date, count: int) -> None:
    early = first_on.day if first_on.day <= 15 else first_on.day - 15
    months = [months_later(first_on.replace(day=1), index) for index in range(count)]
    both = [day_of(month.year, month.month, day) for month in months for day in (early, early + 15)]

    days = days_of(Frequency.TWICE_A_MONTH, first_on, count)

    assert days == [day for day in both if day >= first_on][:count]
    assert all(one < following for one, following in pairwise(days))


@given(frequency=st.sampled_from([Frequency.WEEKLY, Frequency.FORTNIGHTLY]), first_on=FIRST, count=COUNTS)
def test_weekly_and_fortnightly_keep_the_day_of_the_week(frequency: Frequency, first_on: date, count: int) -> None:
    days = days_of(frequency, first_on, count)

    step = 7 if frequency is Frequency.WEEKLY else 14
    assert [(day - first_on).days for day in days] == [step * index for index in range(count)]


@given(frequency=FREQUENCIES, first_on=FIRST, count=COUNTS, before=st.integers(1, 366))
def test_the_months_of_a_plan_are_the_fewest_that_reach_its_last_day(
    frequency: Frequency, first_on: date, count: int, before: int
) -> None:
    signed_on, days = first_on - before * A_DAY, days_of(frequency, first_on, count)

    months = span_months(days[-1], signed_on)

    assert months_later(signed_on, months - 1) < days[-1] <= months_later(signed_on, months)


@pytest.mark.parametrize("down", [-1, 100_00, 100_01])
def test_a_down_payment_leaves_something_to_pay(down: int) -> None:
    shape = Shape(count=2, frequency=Frequency.MONTHLY, first_on=date(2026, 4, 1), down_minor=down)

    with pytest.raises(ValueError, match="down payment"):
        schedule(money("100"), shape, signed_on=date(2026, 3, 16), closed=None)
