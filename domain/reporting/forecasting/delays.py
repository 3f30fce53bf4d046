"""Delays learned: how many days after the due date somebody pays, from what they paid, with what others do; pure.

Everything is counted in thousandths of an invoice, whole numbers all along, so that the same history always gives the
same forecast. The rule in four sentences:

1. Each payment says that so many thousandths of an invoice came so many days after its due date (before it: below 0).
2. Older payments weigh less: half as much after HALF_LIFE months of 30 days, nothing after MONTHS of them.
3. Beside an account's own history PRIOR_INVOICES invoices of its group are counted, and beside the group's as many of
   the whole business: who has paid two invoices is mostly expected to pay as everybody does, who has paid a hundred as
   they do themselves.
4. What is so many days late today cannot come any more after fewer days: only the longer delays share it among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

Delays: TypeAlias = Mapping[int, int]
"""Days after the due date → thousandths of invoices that were paid then, older ones weighing less."""

THOUSAND = 1000
MONTH_DAYS = 30
HALF_LIFE = 2
"""After so many months of 30 days a payment weighs half as much."""
MONTHS = 24
"""What is older than so many of them is forgotten: it would weigh less than a four-thousandth."""
PRIOR_INVOICES = 30
"""So many invoices of its group are counted beside an account's own, and as many of the whole beside its group's."""
EARLIEST, LATEST = -90, 365
"""Delays beyond these are counted as these."""


def weight(months_ago: int) -> int:
    """What a payment weighs after so many months, in thousandths: 1000, 707, 500, 354 and so on; 0 in the end."""
    return round(THOUSAND * 2 ** (-months_ago / HALF_LIFE)) if months_ago < MONTHS else 0


def learned(paid: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """The delays of what was paid, given as (days after the due date, months of 30 days ago, thousandths)."""
    found: dict[int, int] = {}
    for days, months_ago, thousandths in paid:
        days = min(max(days, EARLIEST), LATEST)
        found[days] = found.get(days, 0) + thousandths * weight(months_ago)
    return {days: total // THOUSAND for days, total in sorted(found.items()) if total >= THOUSAND}


def added(several: Iterable[Delays]) -> dict[int, int]:
    """The delays of several accounts together."""
    found: dict[int, int] = {}
    for one in several:
        for days, thousandths in one.items():
            found[days] = found.get(days, 0) + thousandths
    return found


def shrunk(own: Delays, prior: Delays) -> dict[int, int]:
    """Own delays with PRIOR_INVOICES invoices that are paid as the prior's were, all of it times the prior's sum."""
    total = sum(prior.values())
    if not total:
        return dict(own)
    found = {days: thousandths * total for days, thousandths in own.items()}
    for days, thousandths in prior.items():
        found[days] = found.get(days, 0) + PRIOR_INVOICES * THOUSAND * thousandths
    return found


class Calendar:
    """The weeks that a forecast is about: `weeks` of them, the first being the one that `today` is in."""

    def __init__(self, today: date, weeks: int) -> None:
        self.today = today
        self.weeks = weeks
        self._day = today.toordinal()
        self._monday = self._day - today.weekday()

    def mondays(self) -> list[date]:
        """The first days of the weeks."""
        return [date.fromordinal(self._monday + 7 * week) for week in range(self.weeks)]

    def week_of(self, day: date) -> int:
        """Which week a day is in, the first for days that are over; `weeks` stands for later."""
        return min(max(day.toordinal() - self._monday, 0) // 7, self.weeks)

    def by_week(self, delays: Delays, due_on: date) -> list[int]:
        """What of these delays falls into each week, and later, for what is due on a day and not paid until today."""
        found = [0] * (self.weeks + 1)
        due = due_on.toordinal()
        for days, amount in delays.items():
            day = due + days
            if day >= self._day:
                found[min((day - self._monday) // 7, self.weeks)] += amount
        return found


class Prior:
    """The delays that stand beside an account's own; what they come to for a due date is reckoned once."""

    def __init__(self, delays: Delays, calendar: Calendar) -> None:
        self._delays, self._calendar = delays, calendar
        self._total = sum(delays.values())
        self._known: dict[date, list[int]] = {}

    def weights(self, own: Delays, due_on: date) -> list[int]:
        """How probable each week, and later, is for what is due on a day and open today, as numbers to share by.

        All are 0 where nobody has ever paid as late as this is already.
        """
        theirs = self._known.get(due_on)
        if theirs is None:
            theirs = self._known[due_on] = self._calendar.by_week(self._delays, due_on)
        mine = self._calendar.by_week(own, due_on)
        if not self._total:
            return mine
        prior = PRIOR_INVOICES * THOUSAND
        return [each * self._total + prior * other for each, other in zip(mine, theirs, strict=True)]


def shared(minor: int, weights: list[int]) -> list[int]:
    """An amount in minor units by these weights, rounded cumulatively, so that the parts add up; all 0 without any."""
    total, so_far, given, parts = sum(weights), 0, 0, []
    for each in weights:
        so_far += each
        upto = minor * so_far // total if total else 0
        parts.append(upto - given)
        given = upto
    return parts
