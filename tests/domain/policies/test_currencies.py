"""The amounts of a policy are in our own currency: what is in another one is not compared with them."""

from __future__ import annotations

from decimal import Decimal

from domain.policies.currencies import WITHOUT_AMOUNTS, in_currency
from domain.policies.sections import Extensions, LateInterest, Limits, Plans, Section

JUDGED_ELSEWHERE = {
    (Extensions, "most_minor"),
    (Plans, "least_minor"),
    (Plans, "most_minor"),
    (Plans, "interest_cap_minor"),
}
"""Amounts that what a customer may do alone is held against: those cover no other currency."""


def test_in_our_own_currency_a_section_says_what_it_says() -> None:
    limits = Limits(limit_minor=100_00, hold_overdue_least_minor=5_00)

    assert in_currency(limits, "GBP", ours="GBP") == limits


def test_in_another_there_is_no_least_amount_and_no_limit() -> None:
    interest = LateInterest(margin=Decimal(8), least_minor=5_00)
    limits = Limits(limit_minor=100_00, hold_overdue_days=30, hold_overdue_least_minor=5_00)

    assert in_currency(interest, "USD", ours="GBP") == LateInterest(margin=Decimal(8))
    assert in_currency(limits, "USD", ours="GBP") == Limits(hold_overdue_days=30)


def test_no_amount_of_a_section_is_forgotten() -> None:
    amounts = {
        (section, name)
        for section in Section.__subclasses__()
        for name in section.__struct_fields__
        if name.endswith("_minor")
    }

    assert amounts == JUDGED_ELSEWHERE | {
        (section, name) for section, names in WITHOUT_AMOUNTS.items() for name in names
    }
