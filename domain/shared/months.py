"""Months: the same day of another month, or the last one where that month is shorter."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def day_of(year: int, month: int, day: int) -> date:
    """That day of a month; its last one where it has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, months: int) -> date:
    """The same day `months` later (earlier, where negative)."""
    years, month = divmod(day.month - 1 + months, 12)
    return day_of(day.year + years, month + 1, day.day)


def month_end(day: date) -> date:
    """The last day of its month."""
    return day_of(day.year, day.month, 31)
