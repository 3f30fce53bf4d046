"""Report: one of the reports there are: what it is called, what it can be asked for, and what makes its sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.reporting.sheets.asking import Asked, Choice, When, as_of, check_not_ahead, period
from domain.reporting.sheets.values import Sheet
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.months import months_later
from domain.staff.permissions import Permission

Maker: TypeAlias = Callable[[Session, Asked], Sheet]
"""Makes the report as it is asked for."""
RowsMaker: TypeAlias = Callable[[Session, Asked, int | None], Sheet]
"""Makes the rows behind a number (`what` and `key` are chosen), at most so many; all where that is None."""
ONE_DAY = timedelta(days=1)


class Group(StrEnum):
    """Under which heading a report stands among the others."""

    OWED = "owed"
    COMING = "coming"
    PAYING = "paying"
    CUSTOMERS = "customers"
    RECOVERY = "recovery"


GROUP_NAMES = {
    Group.OWED: N_("What is owed"),
    Group.COMING: N_("What comes in"),
    Group.PAYING: N_("How customers pay"),
    Group.CUSTOMERS: N_("How customers are treated"),
    Group.RECOVERY: N_("What is done about it"),
}
"""What each heading says."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `name` is in its address; `more` are parameters that its links bring along.

    `months` is how long its usual period is.
    """

    name: str
    words: str
    lead: str
    group: Group
    make: Maker
    rows: RowsMaker | None = None
    when: When = When.AS_OF
    months: int = 3
    from_words: str = N_("From")
    choices: tuple[Choice, ...] = ()
    more: tuple[str, ...] = ()
    permission: Permission = Permission.SEE_FIGURES
    icon: str = "chart"
    usual_first: Callable[[date], date] | None = field(default=None)

    def usual(self, session: Session) -> Asked:
        """What it is asked for where nothing is said: today, or the usual period that ends today."""
        return self.ending(today(session))

    def ending(self, day: date) -> Asked:
        """The same as of another day."""
        if self.when is not When.PERIOD:
            return as_of(day)
        return period(self.usual_first(day) if self.usual_first else months_later(day, -self.months), day)

    def read(
        self, session: Session, first: date | None, last: date | None, given: Mapping[str, str], *, behind: bool = False
    ) -> Asked:
        """What is asked for by these days and parameters; `behind` where the rows behind a number are asked for.

        What is unknown among choices is the usual one. Invalid, with the field, for impossible days.
        """
        usual = self.usual(session)
        if self.when is When.NOW:
            asked = usual
        elif self.when is When.AS_OF:
            asked = as_of(last or usual.last)
            check_not_ahead(asked.last, today(session))
        else:
            asked = period(first or usual.since, last or usual.last)
        chosen = {choice.name: _among(choice, given.get(choice.name, "")) for choice in self.choices}
        names = (*self.more, "what", "key") if behind else self.more
        return asked.having(**chosen, **{name: given.get(name, "")[:60] for name in names})


def _among(choice: Choice, typed: str) -> str:
    return typed if typed in choice.options else choice.usual
