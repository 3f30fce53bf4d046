"""Rates: the yearly rate that interest runs at on any day, from the dated reference rates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.policies.sections import Basis, LateInterest, Reference
from domain.shared.errors import N_, Conflict


class RateMissing(Conflict):
    """No reference rate is known for a half-year: nothing may be charged until somebody enters it."""

    def __init__(self, reference: Reference, day: date) -> None:
        super().__init__(
            N_("The reference rate {reference} is not known for {day}."), reference=reference.value, day=day
        )
        self.reference, self.day = reference, day


@dataclass(frozen=True, slots=True)
class RateTable:
    """The reference rates that are known: for each reference the days from which a rate holds, ascending.

    `through` is how far each is known to be complete: a rate of last year says nothing of a half-year that nobody has
    looked up. Only the day from which a rate holds needs no looking up.
    """

    rates: Mapping[Reference, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)
    through: Mapping[Reference, date] = field(default_factory=dict)

    def at(self, reference: Reference, day: date) -> Decimal:
        """The reference rate in force on that day, in per cent; RateMissing where none is known."""
        steps = self.rates.get(reference, ())
        place = bisect_right(steps, day, key=lambda step: step[0])
        if not place or (steps[place - 1][0] != day and day > self.through.get(reference, date.min)):
            raise RateMissing(reference, day)
        return steps[place - 1][1]


def half_year(day: date) -> date:
    """The first day of the half-year that `day` is in: 1 January or 1 July."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def next_half_year(day: date) -> date:
    """The first day of the half-year after."""
    return date(day.year, 7, 1) if day.month < 7 else date(day.year + 1, 1, 1)


def reference_day(reference: Reference, day: date) -> date:
    """The day whose reference rate rules in the half-year of `day`.

    Bank of England: the last day of the half-year before (SI 2002/1675, reg. 4); European Central Bank (Directive
    2011/7/EU, art. 2) and Basiszinssatz (§ 247 BGB): the first day of the half-year itself.
    """
    first = half_year(day)
    return first - timedelta(days=1) if reference is Reference.BOE else first


def rate_on(interest: LateInterest, day: date, *, started_on: date, table: RateTable) -> Decimal:
    """The yearly rate of `day`, in per cent, for interest that started to run on `started_on`."""
    total = interest.margin
    if interest.reference is not Reference.FIXED:
        asked = started_on if interest.basis is Basis.FIXED_AT_START else day
        total += table.at(interest.reference, reference_day(interest.reference, asked))
    return total if interest.floor is None else max(total, interest.floor)


def rates_between(
    interest: LateInterest, first: date, last: date, *, started_on: date, table: RateTable
) -> Iterable[tuple[date, date, Decimal]]:
    """Stretches of the days `first` to `last`, both included, with the rate of each; cut where the rate may change."""
    while first <= last:
        end = min(last, next_half_year(first) - timedelta(days=1))
        yield first, end, rate_on(interest, first, started_on=started_on, table=table)
        first = end + timedelta(days=1)
