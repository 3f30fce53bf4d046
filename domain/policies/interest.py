"""Interest: what has accrued on one debt, day by day, as an exact fraction with its working; nothing is posted here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.policies.rates import RateTable, rates_between
from domain.policies.sections import DayCount, LateInterest, RecoveryCost
from domain.shared.money import Money

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """The principal changes by `minor` with what happened on `day`: it counts from the day after."""

    day: date
    minor: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row of the working: `days` days, `first` to `last`, at one principal and one rate."""

    first: date
    last: date
    principal: Money
    rate: Decimal
    year_days: int

    @property
    def days(self) -> int:
        """How many days the row is over."""
        return (self.last - self.first).days + 1

    @property
    def amount(self) -> Fraction:
        """Principal × rate × days ÷ days of the year, in minor units, unrounded."""
        return Fraction(self.principal.minor * self.days) * Fraction(self.rate) / (100 * self.year_days)


def accrued(
    interest: LateInterest,
    principal: Money,
    due_on: date,
    changes: Iterable[Change],
    *,
    after: date,
    through: date,
    table: RateTable,
) -> list[Stretch]:
    """The working of the interest for the days after `after` up to and with `through`.

    Day d accrues if d is after `due_on` and principal was open at its start, so that a debt paid on day p bears
    p − due_on days. `principal` is what was issued; `changes` are what reduced (or reopened) it, in any order; where
    they take it below zero there is none. Additive: [a, c] is [a, b] and [b, c] for every b. RateMissing.
    """
    first = max(due_on, after) + DAY
    rows = []
    for start, end, minor in _levels(principal.minor, changes, first, through):
        if minor <= 0:
            continue
        for from_on, to_on, rate in rates_between(interest, start, end, started_on=due_on + DAY, table=table):
            rows += [
                Stretch(left, right, Money(minor, principal.currency), rate, days)
                for left, right, days in _years(interest.day_count, from_on, to_on)
            ]
    return _joined(rows)


def total(rows: Sequence[Stretch]) -> Fraction:
    """The unrounded interest of a working, in minor units."""
    return sum((row.amount for row in rows), Fraction(0))


def _levels(minor: int, changes: Iterable[Change], first: date, last: date) -> Iterator[tuple[date, date, int]]:
    """The days `first` to `last` in pieces of one principal each."""
    start = first
    for change in sorted(changes, key=lambda change: change.day):
        if change.day >= last:
            break
        if change.day >= start:
            yield start, change.day, minor
            start = change.day + DAY
        minor += change.minor
    if start <= last:
        yield start, last, minor


def _years(count: DayCount, first: date, last: date) -> Iterator[tuple[date, date, int]]:
    """The days in pieces with one length of the year: only the actual year makes more than one."""
    if count is not DayCount.ACTUAL_ACTUAL:
        yield first, last, 360 if count is DayCount.ACTUAL_360 else 365
        return
    while first <= last:
        end = min(last, date(first.year, 12, 31))
        yield first, end, date(first.year, 12, 31).timetuple().tm_yday
        first = end + DAY


def _joined(rows: list[Stretch]) -> list[Stretch]:
    """Neighbours that differ in nothing as one row."""
    joined: list[Stretch] = []
    for row in rows:
        before = joined[-1] if joined else None
        same = before and (before.principal, before.rate, before.year_days) == (row.principal, row.rate, row.year_days)
        if before and same and before.last + DAY == row.first:
            joined[-1] = Stretch(before.first, row.last, row.principal, row.rate, row.year_days)
        else:
            joined.append(row)
    return joined


def fixed_cost(cost: RecoveryCost, debt: Money) -> Money:
    """The recovery cost of a debt: that of the first band that it is below; none in another currency."""
    fits = (band.amount_minor for band in cost.bands if band.below_minor is None or debt.minor < band.below_minor)
    return Money(next(fits, 0) if debt.currency == cost.currency else 0, debt.currency)
