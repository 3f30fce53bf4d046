"""Courtesy rules: which courtesies each policy has switched on, since when, and in which days each has its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.policies.contacting import Wording
from domain.policies.ruling import Version, in_force, published
from domain.policies.sections import Courtesies
from domain.shared.months import month_end, months_later
from domain.shared.working_time import WorkingWeek

FRESH = timedelta(days=3)
"""What is older than so many days is no news: it was brought in from elsewhere, or nobody sent for too long."""
CATCHING_UP = timedelta(days=9)
"""So long after its day a courtesy that has one is made up for, should nothing have run on it."""
CARD_AHEAD = timedelta(days=30)
"""So long before its last day a card is said to expire."""

SWITCHES: Mapping[Wording, Callable[[Courtesies], bool]] = {
    Wording.INVOICE: lambda section: section.invoices,
    Wording.LATE_CHARGES: lambda section: section.late_charges,
    Wording.STATEMENT: lambda section: section.statements,
    Wording.CARD_EXPIRING: lambda section: section.card_expiring,
    Wording.THANK_YOU: lambda section: section.thanks,
}
"""What in a policy switches each courtesy on."""


def switched_on(session: Session, on: date) -> dict[Wording, dict[int, date]]:
    """For each courtesy the policies of which the version in force has it on, and since when without a break."""
    versions = published(session)
    found: dict[Wording, dict[int, date]] = {wording: {} for wording in SWITCHES}
    for policy_id in in_force(versions, on):
        own = _valid(versions, policy_id, on)
        for wording, is_on in SWITCHES.items():
            since = _since(own, is_on)
            if since is not None:
                found[wording][policy_id] = since
    return found


def first_working_day(month: date, week: WorkingWeek) -> date:
    """The first day of that day's month on which somebody of the business is there."""
    day = month.replace(day=1)
    while not week.is_open(day):
        day += timedelta(days=1)
    return day


def month_before(on: date) -> tuple[date, date]:
    """The first and the last day of the month before that of `on`."""
    first = on.replace(day=1)
    return months_later(first, -1), first - timedelta(days=1)


def quarter_before(on: date) -> tuple[date, date]:
    """The first and the last day of the calendar quarter before that of `on`."""
    first = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return months_later(first, -3), first - timedelta(days=1)


def is_time(begins: date, on: date) -> bool:
    """Whether a courtesy that has its day on `begins` is to be sent on `on`, that day or shortly after."""
    return begins <= on <= begins + CATCHING_UP


def month_number(day: date) -> int:
    """A month as one number: 202611."""
    return day.year * 100 + day.month


def month_of_number(number: int) -> tuple[date, date]:
    """The first and the last day of that month."""
    first = date(number // 100, number % 100, 1)
    return first, month_end(first)


def day_number(day: date) -> int:
    """A day as one number: 20261122."""
    return month_number(day) * 100 + day.day


def quarter_number(day: date) -> int:
    """A quarter as one number: 20264 is the last one of 2026."""
    return day.year * 10 + (day.month - 1) // 3 + 1


def _valid(versions: list[Version], policy_id: int, on: date) -> list[Version]:
    """The versions of a policy that have come into force by a day, in that order."""
    own = (each for each in versions if each.policy_id == policy_id and each.valid_from <= on)
    return sorted(own, key=lambda each: (each.valid_from, each.number))


def _since(versions: list[Version], is_on: Callable[[Courtesies], bool]) -> date | None:
    """From when on it has been on without a break; None where it is off."""
    since = None
    for version in versions:
        section = version.sections.courtesies
        if section is None or not is_on(section):
            since = None
        elif since is None:
            since = version.valid_from
    return since
