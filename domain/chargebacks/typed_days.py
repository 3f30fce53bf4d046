"""Typed days: which day in a line that somebody typed the calendar does not have; pure.

A bank reads days as words, several of them too, so that they are kept as typed: "3 and 7 March 2026". They are in
English, as everything is that an answer says.
"""

from __future__ import annotations

import re
from calendar import monthrange

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
LEAP_YEAR = 2000
"""The year of a day that names none: it has all the days that there are."""
_NUMBER, _MONTH, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]{3,9})\.?", r"(?:,?\s+(?P<year>\d{4}))?"
IN_WORDS = (
    re.compile(rf"(?<![\d-]){_NUMBER}\s+{_MONTH}{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_NUMBER}(?!\d){_YEAR}", re.IGNORECASE),
)
IN_FIGURES = (
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})(?!\d)"),
)


def impossible_day(typed: str) -> str | None:
    """The first day in `typed` that no calendar has, as it stands there, such as "31 Feb"; None where all can be."""
    for form in IN_WORDS:
        for found in form.finditer(typed):
            month = _month(found["month"])
            if month is not None and not _is_day(found["year"], month, int(found["day"])):
                return found[0].strip()
    for form in IN_FIGURES:
        for found in form.finditer(typed):
            first, second = int(found["month"]), int(found["day"])
            if not _is_day(found["year"], first, second) and not _is_american(form, found):
                return found[0]
    return None


def _month(word: str) -> int | None:
    """Which month a word, or the beginning of one, stands for."""
    return next((place for place, name in enumerate(MONTHS, 1) if name.startswith(word.lower())), None)


def _is_day(year: str | None, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(int(year or LEAP_YEAR) or LEAP_YEAR, month)[1]


def _is_american(form: re.Pattern[str], found: re.Match[str]) -> bool:
    """Whether the month stands first where the day is usual."""
    return form is IN_FIGURES[1] and _is_day(found["year"], int(found["day"]), int(found["month"]))
