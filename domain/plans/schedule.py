"""Schedule: on which days the parts of a plan fall due and how much each is, to the cent; pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from domain.policies.sections import Frequency
from domain.shared.money import Money
from domain.shared.months import day_of, months_later

A_DAY = timedelta(days=1)
WEEKDAYS = 5
"""Monday to Friday."""
STEPS = {Frequency.WEEKLY: timedelta(days=7), Frequency.FORTNIGHTLY: timedelta(days=14)}
HALF_A_MONTH = 15
"""So many days lie between the two days of a month."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The shape of a plan: `down_minor` at once, then `count` equal instalments, the first on `first_on`."""

    count: int
    frequency: Frequency
    first_on: date
    down_minor: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One part that falls due; `interest` is how much of `amount` is interest. Number 0 is the down payment."""

    number: int
    on: date
    amount: Money
    interest: Money

    @property
    def principal(self) -> Money:
        """What of it is not interest."""
        return self.amount - self.interest


def schedule(
    principal: Money, shape: Shape, *, signed_on: date, interest: Money | None = None, closed: Container[date] | None
) -> list[Due]:
    """The parts of a plan over `principal` and `interest`, the first one first; they add up to both exactly.

    The down payment is due on `signed_on`. Each of principal and interest is split into equal parts of its own, the
    first ones with the odd cents. With `closed` days (None: every day is as good) what falls on one of them or on a
    weekend is due on the next day that is neither. ValueError where the down payment is not below the principal.
    """
    if not 0 <= shape.down_minor < principal.minor:
        raise ValueError("a down payment leaves something to pay")
    nothing = Money.zero(principal.currency)
    down = Money(shape.down_minor, principal.currency)
    parts = (principal - down).split(shape.count)
    of_interest = (interest or nothing).split(shape.count)
    days = [open_day(day, closed) for day in days_of(shape.frequency, shape.first_on, shape.count)]
    rest = [
        Due(number, on, part + bears, bears)
        for number, (on, part, bears) in enumerate(zip(days, parts, of_interest, strict=True), start=1)
    ]
    return [Due(0, signed_on, down, nothing), *rest] if down else rest


def days_of(frequency: Frequency, first_on: date, count: int) -> list[date]:
    """The days on which `count` instalments fall due, as the calendar has them, before weekends are considered.

    Monthly on the 31st is the last day of a shorter month, and the 31st again after it. Twice a month is the first day
    and the one fifteen days off in the same month: the 1st and the 16th, the 15th and the 30th.
    """
    if frequency in STEPS:
        return [first_on + index * STEPS[frequency] for index in range(count)]
    if frequency is Frequency.MONTHLY:
        return [months_later(first_on, index) for index in range(count)]
    days = []
    early = first_on.day <= HALF_A_MONTH
    other = first_on.day + HALF_A_MONTH if early else first_on.day - HALF_A_MONTH
    for index in range(count):
        months, second = divmod(index, 2)
        month = months_later(first_on.replace(day=1), months + (second if not early else 0))
        days.append(day_of(month.year, month.month, other if second else first_on.day))
    return days


def span_months(last: date, signed_on: date) -> int:
    """How many months a plan takes from its signing to its `last` day; a month that has begun counts."""
    months = (last.year - signed_on.year) * 12 + last.month - signed_on.month
    return months + (last > months_later(signed_on, months))


def open_day(day: date, closed: Container[date] | None) -> date:
    """The day itself, or the next one that is neither closed nor on a weekend; with no `closed` days every day is."""
    while closed is not None and (day.weekday() >= WEEKDAYS or day in closed):
        day += A_DAY
    return day
