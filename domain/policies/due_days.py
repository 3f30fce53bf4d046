"""Due days: when an invoice is due by its terms, and until when paying early earns a discount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from domain.policies.sections import DueRule, EarlyDiscount, Terms
from domain.shared.money import Money
from domain.shared.months import month_end


def due_day(issued_on: date, terms: Terms | None, account_days: int) -> date:
    """When an invoice of that day is due: by the terms, or by the account's own days where there are none."""
    rule = terms.rule if terms else DueRule.ACCOUNT
    if terms is None or rule is DueRule.ACCOUNT:
        return issued_on + timedelta(days=account_days)
    if rule is DueRule.NET:
        return issued_on + timedelta(days=terms.days)
    return month_end(issued_on) + timedelta(days=terms.days if rule is DueRule.AFTER_END_OF_MONTH else 0)


@dataclass(frozen=True, slots=True)
class Saving:
    """What paying early saves: `amount`, of which `tax` is tax that is taken back, for money of `until` or before."""

    amount: Money
    tax: Money
    until: date


def last_discount_day(issued_on: date, discount: EarlyDiscount) -> date:
    """The last day that the customer is told of; the grace comes on top."""
    return issued_on + timedelta(days=discount.days)


def saving(discount: EarlyDiscount, *, amount: Money, tax: Money, base: Money | None = None, issued_on: date) -> Saving:
    """The discount on an invoice of `amount` with `tax` in it, or on a `base` (a part of `amount`) of it.

    Rounded half to even, once; the tax within it is its share of the tax as issued (2 % of 120 with 20 tax: 2.40 with
    0.40).
    """
    base = amount if base is None else base
    without_tax = Fraction(1) if discount.tax_in_base else Fraction((amount - tax).minor, amount.minor)
    granted = Money(1, amount.currency).times(base.minor * without_tax * Fraction(discount.percent) / 100)
    with_tax = discount.corrects_tax and discount.tax_in_base
    share = Fraction(tax.minor * granted.minor, amount.minor) if with_tax else Fraction(0)
    return Saving(granted, Money(1, amount.currency).times(share), last_discount_day(issued_on, discount))
