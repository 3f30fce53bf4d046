"""The examples in the terms are worked out as the real thing is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.policies.examples import example
from domain.policies.sections import (
    Allocation,
    Band,
    DueRule,
    EarlyDiscount,
    Frequency,
    LateInterest,
    Plans,
    RecoveryCost,
    Reference,
    Terms,
)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (Terms(rule=DueRule.NET, days=30), "An invoice of 2027-03-05 is due on 2027-04-04."),
        (Terms(rule=DueRule.END_OF_MONTH), "An invoice of 2027-03-05 is due on 2027-03-31."),
        (
            EarlyDiscount(percent=Decimal(2), days=10),
            "If you pay an invoice of 1000.00 GBP within 10 days, you save 20.00 GBP and pay 980.00 GBP.",
        ),
        (
            EarlyDiscount(percent=Decimal(2), days=10, tax_in_base=False),
            "If you pay an invoice of 1000.00 GBP before tax within 10 days, you save 20.00 GBP.",
        ),
        (
            LateInterest(margin=Decimal("8.5")),
            "If you pay an invoice of 1000.00 GBP 30 days late, the interest is 6.99 GBP.",
        ),
        (
            LateInterest(reference=Reference.BOE, margin=Decimal(8), grace_days=5),
            "If the base rate is 4 per cent and you pay an invoice of 1000.00 GBP 35 days late, the interest is "
            "11.51 GBP.",
        ),
        (
            RecoveryCost(currency="EUR", bands=(Band(40_00),)),
            "If you pay an invoice of 1000.00 EUR late, 40.00 EUR is added once.",
        ),
        (
            Plans(most_months=24),
            "You can pay an invoice of 1000.00 GBP in 12 monthly instalments of at most 83.34 GBP.",
        ),
        (
            Plans(most_months=12, least_minor=150_00, least_down_percent=10),
            "You can pay an invoice of 1000.00 GBP with 100.00 GBP at once and 6 monthly instalments of at most "
            "150.00 GBP.",
        ),
    ],
)
def test_each_section_comes_to_what_it_says_for_an_invoice_of_a_thousand(section: object, words: str) -> None:
    assert str(example(section, "GBP")) == words


@pytest.mark.parametrize(
    "section",
    [
        Terms(),
        Allocation(),
        LateInterest(margin=Decimal("0.1"), least_minor=10_00),
        RecoveryCost(currency="GBP", bands=(Band(40_00, 500_00),)),
        Plans(most_months=12, frequencies=(Frequency.WEEKLY,)),
        Plans(most_months=12, most_minor=900_00),
        Plans(most_months=12, least_minor=600_00),
        None,
    ],
    ids=[
        "the account's own days",
        "no money",
        "too little to charge",
        "no cost of that size",
        "no plan by the month",
        "too much for a plan",
        "too little to divide",
        "off",
    ],
)
def test_there_is_no_example_where_nothing_comes_of_it(section: object) -> None:
    assert example(section, "GBP") is None
