"""Expecting: in which week how much of what an account owes comes in, by three methods; pure.

- Due date: all of it on the day on which it is due, and what is late already this week. Nobody pays like that; it is
  what the other methods are measured against.
- Agreements: what was promised, and the parts of plans and settlements, on their days; the rest on its due date.
- Learned delay: what was agreed on its days; the rest by how late the account pays (delays.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.reporting.forecasting.delays import Calendar, Delays, Prior, shared
from domain.reporting.forecasting.owed import Apart, Owed
from domain.shared.errors import N_

WEEKS = 13
"""So many weeks are looked ahead: a quarter."""


class Method(StrEnum):
    """How the day on which something comes in is foreseen."""

    DUE = "due"
    AGREED = "agreed"
    LEARNED = "learned"


METHOD_NAMES = {
    Method.DUE: N_("By due date"),
    Method.AGREED: N_("By agreement"),
    Method.LEARNED: N_("By learned delay"),
}
"""What each is called on the screen."""


@dataclass(slots=True)
class Expected:
    """What of an account, or of all in one currency, comes in each week, in minor units; the last one stands for later.

    `untold`: what is late for so long that nobody has ever paid anything as late. `apart`: what is in no week; what a
    settlement gives up is so by the methods that know of settlements only.
    """

    weeks: dict[Method, list[int]]
    untold: int = 0
    apart: Counter[Apart] = field(default_factory=Counter)

    @classmethod
    def nothing(cls) -> Expected:
        """Nothing in any week."""
        return cls({method: [0] * (WEEKS + 1) for method in Method})

    def add(self, other: Expected) -> None:
        """Add what is expected of another account."""
        for method, weeks in other.weeks.items():
            mine = self.weeks[method]
            for week, minor in enumerate(weeks):
                mine[week] += minor
        self.untold += other.untold
        self.apart.update(other.apart)

    def open_by(self, method: Method) -> int:
        """All that is open, as this method sees it: what is expected and what is apart; the same by each."""
        apart = sum(minor for kind, minor in self.apart.items() if method is not Method.DUE or kind != Apart.GIVEN_UP)
        return sum(self.weeks[method]) + apart + (self.untold if method is Method.LEARNED else 0)


def expected(owed: Owed, own: Delays, prior: Prior, calendar: Calendar) -> Expected:
    """In which weeks what is owed comes in, `own` being how late the account pays and `prior` how the others do."""
    found = Expected.nothing()
    found.apart.update({kind: minor for kind, minor in owed.apart.items() if minor})
    due, agreed, learned = (found.weeks[method] for method in Method)
    for day, minor in owed.due.items():
        due[calendar.week_of(day)] += minor
    for day, minor in owed.agreed.items():
        agreed[calendar.week_of(day)] += minor
        learned[calendar.week_of(day)] += minor
    for day, minor in owed.left.items():
        agreed[calendar.week_of(day)] += minor
        parts = shared(minor, prior.weights(own, day))
        for week, part in enumerate(parts):
            learned[week] += part
        found.untold += minor - sum(parts)
    return found


class Priors:
    """The delays that stand beside an account's own, by its group: each made once for a forecast."""

    def __init__(self, whole: Delays, groups: Mapping[int, Delays], calendar: Calendar) -> None:
        self._whole = Prior(whole, calendar)
        self._groups = {group_id: Prior(delays, calendar) for group_id, delays in groups.items()}

    def of(self, group_id: int | None) -> Prior:
        """Those for an account of this group, or of none."""
        return self._whole if group_id is None else self._groups.get(group_id, self._whole)


def mondays_of(day: date) -> list[date]:
    """The first days of the weeks that a forecast of this day is about."""
    return Calendar(day, WEEKS).mondays()
