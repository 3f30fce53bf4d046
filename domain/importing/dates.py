"""Dates: read days as a file writes them, by a declared format; no session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from domain.importing.problems import Unfit
from domain.shared.errors import N_

ISO = "iso"
FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)
PROBES = (date(2003, 12, 31), date(2024, 2, 9))
EXAMPLE = date(2026, 3, 31)
"""By which a format is shown to people; its day is no month's number, so that the order can be told."""
TIME_OF_DAY = re.compile(
    r"(?:[T ]\s*)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?$"
)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 60
KEPT = 20_000
"""Distinct texts remembered: the days of a ledger repeat."""

IN_FORMAT = N_("a date in the format {format}")
IN_ISO = N_("a date in the format 2026-03-31")
PLAUSIBLE = N_("a date from {first} to {last}")


def date_reader(form: str) -> Callable[[str], date]:
    """A function that reads text in `form` ("iso" or for strptime), ignoring a time of day behind it; raises Unfit."""

    @lru_cache(maxsize=KEPT)
    def read(text: str) -> date:
        day = _parsed(text.strip(), form)
        if day is None:
            raise Unfit(IN_ISO) if form == ISO else Unfit(IN_FORMAT, format=EXAMPLE.strftime(form))
        return plausible(day)

    return read


def plausible(day: date) -> date:
    """The day itself; Unfit for one of which no receivable can be."""
    if not FIRST <= day <= LAST:
        raise Unfit(PLAUSIBLE, first=FIRST.isoformat(), last=LAST.isoformat())
    return day


def is_format(form: str) -> bool:
    """Whether `form` is "iso", or tells strptime a whole day: year, month and day."""
    if form == ISO:
        return True
    try:
        return all(datetime.strptime(day.strftime(form), form).date() == day for day in PROBES)  # noqa: DTZ007 - a day
    except (ValueError, re.error):
        return False


def fits(text: str, form: str) -> bool:
    """Whether the text is a day in this format."""
    return _parsed(text.strip(), form) is not None


def _parsed(text: str, form: str) -> date | None:
    if len(text) > LONGEST:
        return None
    return _day(text, form) or _day(TIME_OF_DAY.sub("", text), form)


def _day(text: str, form: str) -> date | None:
    try:
        if form == ISO:
            return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
