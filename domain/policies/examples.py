"""Examples: what a section of the terms comes to for one invoice, worked out by the same sums as the real thing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.policies.due_days import due_day, saving
from domain.policies.interest import accrued, fixed_cost, total
from domain.policies.rates import RateTable
from domain.policies.sections import (
    DueRule,
    EarlyDiscount,
    Frequency,
    LateInterest,
    Plans,
    RecoveryCost,
    Reference,
    Terms,
)
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

INVOICE = Decimal(1000)
"""The invoice of every example, in whole units of the currency."""
BASE_RATE = Decimal(4)
"""The base rate of an example, in per cent: it says so itself, and no real rate stands in a paper for good."""
ISSUED_ON = date(2027, 3, 5)
DAYS_LATE = 30


def example(
    section: object,
    currency: str,
    *,
    home: str | None = None,
    own_days: int | None = None,
    base: Decimal | None = None,
) -> Words | None:
    """The example of a section for an invoice in `currency`; None where there is nothing to work out.

    For one account: `home` is the business's currency, in which its amounts are, `own_days` are the account's days to
    pay, and `base` is the base rate to work with, where one is known.
    """
    match section:
        case Terms():
            return _due(section, own_days)
        case EarlyDiscount():
            return _early(section, Money.of(INVOICE, currency))
        case LateInterest():
            return _late(section, Money.of(INVOICE, currency), home or currency, BASE_RATE if base is None else base)
        case RecoveryCost():
            return _cost(section, Money.of(INVOICE, section.currency if home is None else currency))
        case Plans():
            return _plan(section, Money.of(INVOICE, currency), home or currency)
        case _:
            return None


def _due(terms: Terms, own_days: int | None) -> Words | None:
    if terms.rule is DueRule.ACCOUNT and own_days is None:
        return None
    due = due_day(ISSUED_ON, terms, own_days or 0)
    return Words.of(N_("An invoice of {issued} is due on {due}."), issued=ISSUED_ON, due=due)


def _early(discount: EarlyDiscount, invoice: Money) -> Words:
    saved = saving(discount, amount=invoice, tax=Money.zero(invoice.currency), issued_on=ISSUED_ON).amount
    if not discount.tax_in_base:
        text = N_("If you pay an invoice of {amount} before tax within {days} days, you save {saved}.")
        return Words.of(text, amount=invoice, days=discount.days, saved=saved)
    text = N_("If you pay an invoice of {amount} within {days} days, you save {saved} and pay {rest}.")
    return Words.of(text, amount=invoice, days=discount.days, saved=saved, rest=invoice - saved)


def _late(interest: LateInterest, invoice: Money, home: str, base: Decimal) -> Words | None:
    days = DAYS_LATE + interest.grace_days
    paid_on = ISSUED_ON + timedelta(days=days)
    table = RateTable({interest.reference: ((date.min, base),)}, {interest.reference: date.max})
    rows = accrued(interest, invoice, ISSUED_ON, (), after=ISSUED_ON, through=paid_on, table=table)
    charged = Money(1, invoice.currency).times(total(rows))
    least = interest.least_minor if invoice.currency == home else 0
    if not charged or charged.minor < least:
        return None
    if interest.reference is Reference.FIXED:
        text = N_("If you pay an invoice of {amount} {days} days late, the interest is {interest}.")
        return Words.of(text, amount=invoice, days=days, interest=charged)
    text = N_(
        "If the base rate is {base} per cent and you pay an invoice of {amount} {days} days late, the interest is "
        "{interest}."
    )
    return Words.of(text, base=base, amount=invoice, days=days, interest=charged)


def _cost(cost: RecoveryCost, invoice: Money) -> Words | None:
    charged = fixed_cost(cost, invoice)
    if not charged:
        return None
    text = N_("If you pay an invoice of {amount} late, {cost} is added once.")
    return Words.of(text, amount=invoice, cost=charged)


def _plan(plans: Plans, invoice: Money, home: str) -> Words | None:
    """The longest monthly plan that everybody, natural persons too, may agree to over the invoice."""
    is_ours = invoice.currency == home
    if Frequency.MONTHLY not in plans.frequencies:
        return None
    if plans.most_minor is not None and (not is_ours or invoice.minor > plans.most_minor):
        return None
    down = Money(-(-invoice.minor * plans.least_down_percent // 100), invoice.currency)
    rest, least = invoice - down, plans.least_minor if is_ours else 0
    count = min(plans.most_instalments, plans.most_months, plans.persons_months)
    if least:
        count = min(count, rest.minor // least)
    if count < 2:
        return None
    each = max(rest.split(count))
    if not down:
        text = N_("You can pay an invoice of {amount} in {count} monthly instalments of at most {each}.")
        return Words.of(text, amount=invoice, count=count, each=each)
    text = N_(
        "You can pay an invoice of {amount} with {down} at once and {count} monthly instalments of at most {each}."
    )
    return Words.of(text, amount=invoice, down=down, count=count, each=each)
