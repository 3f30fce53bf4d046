"""Brackets: the most that may be given up, by age and size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.policies.sections import Bracket, Settlements
from domain.settlements.brackets import beyond, bracket_of, least, percent_given_up
from domain.shared.money import Money
from tests.support.builders import money

YOUNG = Bracket(late_days=60, most_percent=10)
OLD = Bracket(late_days=180, most_percent=40, most_parts=3)
SMALL = Bracket(late_days=180, most_percent=60, below_minor=100_00)
SECTION = Settlements(brackets=(YOUNG, OLD, SMALL))


@pytest.mark.parametrize(
    ("total", "late_days", "found"),
    [
        ("500", 59, None),
        ("500", 60, YOUNG),
        ("500", 180, OLD),
        ("99.99", 180, SMALL),
        ("100.00", 180, OLD),
    ],
)
def test_the_bracket_of_a_debt_is_the_one_that_gives_it_most(total: str, late_days: int, found: Bracket | None) -> None:
    assert bracket_of(SECTION, money(total), late_days, currency="GBP") == found


def test_a_size_in_pounds_says_nothing_of_a_debt_in_dollars() -> None:
    assert bracket_of(SECTION, money("50", "USD"), 200, currency="GBP") == OLD


@given(some.integers(2, 10**10), some.integers(1, 99))
def test_the_least_of_a_percentage_never_gives_up_more_than_that(minor: int, percent: int) -> None:
    total = Money(minor, "GBP")

    lowest = least(total, percent)

    assert percent_given_up(total, lowest) <= percent
    assert not beyond(Bracket(late_days=0, most_percent=percent), total, lowest, 1)


def test_what_goes_beyond_the_terms_is_named() -> None:
    said = [str(words) for words in beyond(YOUNG, money("100"), money("80"), 2)]

    assert said == [
        "The terms ask for at least 90.00 GBP here.",
        "The terms allow at most 1 monthly parts here.",
    ]
    assert len(beyond(None, money("100"), money("80"), 1)) == 1
