"""Interest: what has accrued on one debt, day by day, as an exact fraction with its working; nothing is posted here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
class Hold:
    """From `first` to `last` (None: until now) `minor` of the principal (None: all of it) bears nothing."""

    first: date
    last: date | None = None
    minor: int | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


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
    changes: Sequence[Change],
    *,
    after: date,
    through: date,
    table: RateTable,
    holds: Sequence[Hold] = (),
) -> list[Stretch]:
    """The working of the interest for the days after `after` up to and with `through`.

    Day d accrues if d is after `due_on` and principal was open at its start and not held, so that a debt paid on day p
    bears p − due_on days. `principal` is what was issued; `changes` are what reduced (or reopened) it, in any order;
    where they take it below zero there is none. Additive: [a, c] is [a, b] and [b, c] for every b. RateMissing.
    """
    rows = []
    for start, end, minor in _bearing(principal.minor, changes, holds, max(due_on, after) + DAY, through):
        for from_on, to_on, rate in rates_between(interest, start, end, started_on=due_on + DAY, table=table):
            rows += [
                Stretch(left, right, Money(minor, principal.currency), rate, days)
                for left, right, days in _years(interest.day_count, from_on, to_on)
            ]
    return _joined(rows)


def total(rows: Sequence[Stretch]) -> Fraction:
    """The unrounded interest of a working, in minor units."""
    return sum((row.amount for row in rows), Fraction(0))


def first_overdue(
    principal: Money, changes: Sequence[Change], holds: Sequence[Hold], *, after: date, through: date
) -> Money | None:
    """What was open, and not held, at the start of the first day after `after` on which anything was; None where never.

    It is what a charge with days of grace depends on, and the debt by whose size a recovery cost is reckoned.
    """
    levels = _bearing(principal.minor, changes, holds, after + DAY, through)
    return next((Money(minor, principal.currency) for _, _, minor in levels), None)


def _bearing(
    issued: int, changes: Sequence[Change], holds: Sequence[Hold], first: date, last: date
) -> Iterator[tuple[date, date, int]]:
    """The days `first` to `last` on which something bears interest, in pieces of one amount each."""
    if first > last:
        return
    turns = {change.day + DAY for change in changes} | {hold.first for hold in holds}
    turns |= {hold.last + DAY for hold in holds if hold.last is not None}
    starts = [first, *sorted(day for day in turns if first < day <= last)]
    for start, end in zip(starts, [day - DAY for day in starts[1:]] + [last], strict=True):
        held = [hold.minor for hold in holds if hold.holds(start)]
        open_then = issued + sum(change.minor for change in changes if change.day < start)
        minor = 0 if None in held else open_then - sum(part for part in held if part is not None)
        if minor > 0:
            yield start, end, minor


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
