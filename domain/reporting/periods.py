"""Periods: which days a report can be about."""

from __future__ import annotations

from datetime import date

from domain.shared.errors import N_, Invalid

LONGEST_DAYS = 3 * 366
"""So long a period may be."""


def check_period(first: date, last: date) -> None:
    """Invalid for a period that ends before it begins, or is too long."""
    if last < first:
        raise Invalid(N_("The last day lies before the first."), field="to")
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid(N_("Choose at most three years."), field="to")
