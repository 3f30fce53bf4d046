"""Relief terms: how long a debt has to be unpaid before the tax on it can be claimed back, by country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.shared.months import months_later


@dataclass(frozen=True, slots=True)
class ReliefTerms:
    """Tax can be claimed back once `months` have passed, and no more once `last_months` have (None: at any time).

    Both run from the later of the day on which the debt was due and the day of the supply.
    """

    months: int
    last_months: int | None


RELIEF: Mapping[str, ReliefTerms] = {
    "GB": ReliefTerms(months=6, last_months=54),
}
"""The countries of businesses where there is such a relief, and its terms.

United Kingdom: Value Added Tax Act 1994 section 36 (six months from the supply), Value Added Tax Regulations 1995
(SI 1995/2518) regulations 165A (the claim is made within four years and six months of the later of the day on which
the consideration was due and the day of the supply), 168 (the debt stands in a *refunds for bad debts account*), 170
(payments are attributed to the supply) and 171 (what comes in later is repaid with its share of the tax); HMRC's VAT
Notice 700/18. Where a country is not named nothing is asked for: its tax adviser knows the way.
"""


def first_day(base: date, terms: ReliefTerms) -> date:
    """The first day on which tax can be claimed back for a debt that was due, or supplied, on `base`."""
    day = months_later(base, terms.months)
    return day if day.day == base.day else day + timedelta(days=1)


def latest_base(today: date, terms: ReliefTerms) -> date:
    """The latest day of the debt for which it can be claimed today: earlier ones can, later ones cannot yet."""
    return months_later(today, -terms.months)


def last_day(base: date, terms: ReliefTerms) -> date | None:
    """The last day on which it can be claimed; None where it can be at any time."""
    return None if terms.last_months is None else months_later(base, terms.last_months)


def earliest_base(today: date, terms: ReliefTerms) -> date | None:
    """The earliest day of the debt for which it can still be claimed today; None where there is no such day."""
    return None if terms.last_months is None else months_later(today, -terms.last_months)
