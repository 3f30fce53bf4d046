"""Rates: shares of what was kept or came, and what a discount costs as interest for a year; pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from domain.shared.money import half_even

DAYS_OF_A_YEAR = 365


def percent(part: int, whole: int) -> Decimal | None:
    """So many per cent, to a tenth; None of nothing."""
    return Decimal(half_even(Fraction(part * 1000, whole))).scaleb(-1) if whole else None


def yearly_percent(discount: int, paid_minor_days: int) -> Decimal | None:
    """What discounts cost as simple interest for a year: Σ discount ÷ Σ(paid × days sooner) × 365, per cent to a tenth.

    `paid_minor_days`: what was paid, times the days by which that was before the due date. 2/10 net 30 taken on its
    last day is 2 ÷ (98 × 20) × 365 = 37.2 % a year. None where nothing came sooner.
    """
    if paid_minor_days <= 0:
        return None
    return Decimal(half_even(Fraction(discount * DAYS_OF_A_YEAR * 1000, paid_minor_days))).scaleb(-1)
