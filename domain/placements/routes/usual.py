"""Usual figures: what is published of how debts are collected by their age, and what courts ask for; data with sources.

They stand in until we have enough of our own, and can be changed in each calculation.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.shared.errors import N_
from domain.shared.money import Money

COLLECTABLE_SOURCE = N_("Commercial Collection Agency Association, survey of 2004")
"""Commercial Law League of America, Commercial Collection Agency Association, 18 October 2004: of commercial debts, the
per cent that is collected by how long they have been due. http://qbpros.net/2011/09/collections-due-accounts-receivable-time-side/
repeats them."""
COLLECTABLE: Sequence[tuple[int, Decimal]] = (
    (0, Decimal("94.9")),
    (30, Decimal("89.9")),
    (60, Decimal("81.3")),
    (90, Decimal("69.6")),
    (180, Decimal("52.1")),
    (270, Decimal("39.1")),
    (365, Decimal("22.8")),
    (730, Decimal("9.3")),
)
"""From so many days late on, so many per cent."""

COURT_FEE_SOURCE = N_("gov.uk, court fees for a money claim in England and Wales")
"""https://www.gov.uk/make-court-claim-for-money/court-fees, as of 2025."""
_COURT_FEES = (
    (300_00, 35_00),
    (500_00, 50_00),
    (1_000_00, 70_00),
    (1_500_00, 80_00),
    (3_000_00, 115_00),
    (5_000_00, 205_00),
    (10_000_00, 455_00),
)
"""Up to so much claimed, so much."""
_SHARED_UP_TO, _SHARE, _MOST = 200_000_00, 20, 10_000_00

DAYS_ON_PLAN = 180
DAYS_TO_SETTLE = 30
DAYS_TO_JUDGMENT = 365
DAYS_GOING_ON = 90
GIVEN_PERCENT = Decimal(20)
"""What we assume where nothing of our own says it."""


def collectable(late_days: int) -> Decimal:
    """The per cent that is usually collected of debts so many days late."""
    return [percent for days, percent in COLLECTABLE if days <= max(late_days, 0)][-1]


def collectable_later(late_days: int) -> Decimal:
    """The same once the debt has come to the next row of the table: nobody but us has gone after it until then."""
    return next((percent for days, percent in COLLECTABLE if days > late_days), COLLECTABLE[-1][1])


def court_fee(owed: Money, country: str) -> Money | None:
    """What a court asks for to begin; None where we know none. `country` is where the business is."""
    if country != "GB" or owed.currency != "GBP":
        return None
    for up_to, fee in _COURT_FEES:
        if owed.minor <= up_to:
            return Money(fee, owed.currency)
    return Money(owed.minor // _SHARE if owed.minor <= _SHARED_UP_TO else _MOST, owed.currency)
