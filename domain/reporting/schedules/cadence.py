"""Cadence: on which days a report is sent, and which days it is about then; pure."""

from __future__ import annotations

from datetime import date, timedelta

from domain.reporting.kept.model import Cadence
from domain.reporting.sheets.asking import Asked, When, as_of, period
from domain.reporting.sheets.report import Group, Report
from domain.shared.months import months_later
from domain.shared.working_time import WorkingWeek

A_DAY = timedelta(days=1)
MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}


def next_after(cadence: Cadence, day: date, week: WorkingWeek) -> date:
    """The first day after this one on which such a report is sent."""
    match cadence:
        case Cadence.DAILY:
            following = day + A_DAY
            while not week.is_open(following):
                following += A_DAY
            return following
        case Cadence.WEEKLY:
            return day + (7 - day.weekday()) * A_DAY
        case Cadence.MONTHLY:
            return months_later(day.replace(day=1), 1)
        case Cadence.QUARTERLY:
            return months_later(quarter_of(day), 3)


def asked_on(report: Report, cadence: Cadence, day: date) -> Asked:
    """Which days a report is about that is sent on a day: those since the one before, as they ended.

    One that looks ahead is about the day itself, one that tells what stood about the day before.
    """
    if report.when is When.NOW:
        return as_of(day)
    if report.when is When.AS_OF:
        return as_of(day if report.group is Group.COMING else day - A_DAY)
    last = day - A_DAY
    if cadence is Cadence.DAILY:
        return period(last, last)
    if cadence is Cadence.WEEKLY:
        return period(last - 6 * A_DAY, last)
    return period(months_later(day.replace(day=1), -MONTHS[cadence]), last)


def quarter_of(day: date) -> date:
    """The first day of the quarter that a day is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
