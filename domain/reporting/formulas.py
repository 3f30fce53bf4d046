"""Formulas: the key figures of a receivables ledger as pure functions, exact until their one rounding at the end.

The definitions are the usual ones of credit management (the Credit Research Foundation's); docs/figures.md works each
one through by hand. A figure that would divide by nothing is None: it does not exist, and is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.policies.sections import Grades
from domain.shared.money import CurrencyMismatch, Money, half_even

PLACES = 2


class Grade(StrEnum):
    """How punctually somebody pays, from their weighted average delay."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


USUAL_GRADES = Grades()
"""How everybody is graded where no policy says otherwise."""


@dataclass(frozen=True, slots=True)
class Month:
    """The credit sales of a calendar month, or of as many of its days as have passed."""

    sales: Money
    days: int


@dataclass(frozen=True, slots=True)
class Settled:
    """So much was paid on `paid_on` that had been due on `due_on`."""

    amount: Money
    due_on: date
    paid_on: date


def rounded(value: Fraction) -> Decimal:
    """The one rounding of all figures: to two decimals, halves to the even digit."""
    return Decimal(half_even(value * 10**PLACES)).scaleb(-PLACES)


def days_of(first: date, last: date) -> int:
    """The days of a period, both ends included."""
    return (last - first).days + 1


def days_sales_outstanding(receivable: Money, credit_sales: Money, days: int) -> Decimal | None:
    """DSO: receivable ÷ credit sales × days of the period; of the current part alone it is the best possible DSO."""
    if credit_sales.minor <= 0:
        return None
    return rounded(_ratio(receivable, credit_sales) * days)


def average_days_delinquent(receivable: Money, current: Money, credit_sales: Money, days: int) -> Decimal | None:
    """ADD: DSO less best possible DSO, the days that are owed to late payment."""
    return days_sales_outstanding(receivable - current, credit_sales, days)


def count_back_dso(receivable: Money, months: Iterable[Month]) -> Decimal | None:
    """Take months' sales off the receivable, the newest first, adding their days; of the last only the fraction needed.

    A month whose credit notes outweigh its invoices takes nothing off and still counts its days. None when the
    receivable is more than all the sales there were.
    """
    left, days = Fraction(receivable.minor), Fraction(0)
    for month in months:
        if left <= 0:
            break
        sales = Fraction(max(month.sales.minor, 0))
        days += month.days * min(Fraction(1), left / sales) if sales else month.days
        left -= sales
    return rounded(days) if left <= 0 else None


def collection_effectiveness(opening: Money, credit_sales: Money, closing: Money, current: Money) -> Decimal | None:
    """CEI in per cent: what was collected of what could have been.

    (opening + credit sales − closing total) ÷ (opening + credit sales − closing current) × 100.
    """
    collectable = opening + credit_sales - current
    if collectable.minor <= 0:
        return None
    return rounded(_ratio(opening + credit_sales - closing, collectable) * 100)


def weighted_average_delay(payments: Iterable[Settled]) -> Decimal | None:
    """Σ(amount × max(0, days late)) ÷ Σ amount: early payment counts as punctual and never makes up for late."""
    amount, delay = 0, 0
    for paid in payments:
        amount += paid.amount.minor
        delay += paid.amount.minor * max(0, (paid.paid_on - paid.due_on).days)
    return rounded(Fraction(delay, amount)) if amount > 0 else None


def grade(delay: Decimal, grades: Grades = USUAL_GRADES) -> Grade:
    """The grade of a weighted average delay in days, by the most days that each allows; later than all is D."""
    bounds = ((Grade.A, grades.best), (Grade.B, grades.good), (Grade.C, grades.fair))
    return next((grade for grade, most in bounds if delay <= most), Grade.D)


def _ratio(part: Money, whole: Money) -> Fraction:
    if part.currency != whole.currency:
        raise CurrencyMismatch(f"{part.currency} and {whole.currency} do not mix")
    return Fraction(part.minor, whole.minor)
