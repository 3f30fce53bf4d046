"""Asking: what a report is asked for: its days and its choices, as plain values that can be kept and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from domain.reporting.periods import check_period
from domain.shared.errors import N_, Invalid
from domain.shared.words import Words

HREF = "/reports/{}"
"""Where a report has its page."""


class When(StrEnum):
    """Which days a report is about: what stood at the end of one, what happened in a period, or how it is today."""

    AS_OF = "as_of"
    PERIOD = "period"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that is chosen for a report: the name of its parameter, and what can be chosen, the usual one first."""

    name: str
    words: str
    options: Mapping[str, str]

    @property
    def usual(self) -> str:
        """What holds where nothing is chosen."""
        return next(iter(self.options))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: its last (or only) day, its first where it has a period, and what was chosen."""

    last: date
    first: date | None = None
    chosen: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """What was chosen under a name; empty where nothing was."""
        return dict(self.chosen).get(name, "")

    def number(self, name: str) -> int | None:
        """The id that was chosen under a name; None where it is none."""
        typed = self.get(name)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None

    def having(self, **chosen: object) -> Asked:
        """The same with these chosen; without those that are None or empty."""
        given = {**dict(self.chosen), **{name: "" if value is None else str(value) for name, value in chosen.items()}}
        return replace(self, chosen=tuple(sorted((name, value) for name, value in given.items() if value)))

    def only(self, *names: str) -> Asked:
        """The same with nothing chosen but these."""
        return replace(self, chosen=tuple(each for each in self.chosen if each[0] in names))

    @property
    def since(self) -> date:
        """The first day of its period; the day itself where it has none."""
        return self.first or self.last

    @property
    def fields(self) -> dict[str, str]:
        """All of it by the names of its address."""
        if self.first is None:
            return {"as_of": self.last.isoformat(), **dict(self.chosen)}
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), **dict(self.chosen)}

    @property
    def text(self) -> str:
        """All of it in one line, the same for the same."""
        return urlencode(self.fields)

    def href(self, name: str) -> str:
        """Where the report of this name, asked for this, has its page."""
        return f"{HREF.format(name)}?{self.text}"

    def behind(self, name: str, what: str, **chosen: object) -> str:
        """Where the rows behind one of its numbers are."""
        return f"{HREF.format(name)}/rows?{self.having(what=what, **chosen).text}"


def as_of(day: date, **chosen: object) -> Asked:
    """What is asked of the end of one day."""
    return Asked(day).having(**chosen)


def period(first: date, last: date, **chosen: object) -> Asked:
    """What is asked of a period, both ends included; Invalid where that is impossible or too long."""
    check_period(first, last)
    return Asked(last, first).having(**chosen)


def days_of(asked: Asked) -> Words:
    """Which days a sheet is about."""
    if asked.first is None:
        return Words.of(N_("at the end of {day}"), day=asked.last)
    return Words.of(N_("{first} to {last}"), first=asked.first, last=asked.last)


def check_not_ahead(day: date, today: date) -> None:
    """Invalid for a day that has not come yet: nothing is known of it."""
    if day > today:
        raise Invalid(N_("That day has not come yet."), field="as_of")


UsualFirst = Callable[[date], date]
"""Gives the first day of the usual period that ends on a day."""


def from_fields(fields: Mapping[str, str]) -> Asked:
    """What `Asked.fields` were made of: for what was kept, or waits in a message."""
    chosen = tuple(sorted((name, value) for name, value in fields.items() if name not in {"as_of", "from", "to"}))
    if "as_of" in fields:
        return Asked(date.fromisoformat(fields["as_of"]), None, chosen)
    return Asked(date.fromisoformat(fields["to"]), date.fromisoformat(fields["from"]), chosen)
