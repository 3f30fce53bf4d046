"""Commission: the highest rate that holds for a debt; rounded once, tax on top; a bounced collection mirrors it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.placements import cards
from domain.placements.cards import Card, Rate
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.placing import TYPICAL


@pytest.mark.parametrize(
    ("amount", "late_days", "again", "percent"),
    [
        ("1200.00", 59, False, 25),
        ("1200.00", 60, False, 35),
        ("1200.00", 365, False, 50),
        ("499.99", 30, False, 50),
        ("500.00", 30, False, 25),
        ("1200.00", 30, True, 50),
    ],
)
def test_the_highest_rate_that_holds_is_taken(amount: str, late_days: int, again: bool, percent: int) -> None:
    assert cards.rate_bp(TYPICAL, money(amount), late_days, again=again) == percent * 100


def test_a_rate_for_small_debts_holds_in_the_currency_of_the_card_alone() -> None:
    assert cards.rate_bp(TYPICAL, money("10.00", "EUR"), 30, again=False) == 2_500


def test_commission_and_its_tax_are_rounded_once_each() -> None:
    taken = cards.commission(money("120.10"), 2_500, Decimal(20))

    assert (taken.net, taken.tax, taken.gross) == (money("30.03"), money("6.01"), money("36.04"))


@given(minor=st.integers(0, 10**12), bp=st.integers(0, 10_000), tax=st.integers(0, 25))
def test_what_bounces_takes_back_exactly_what_was_taken_and_nothing_exceeds_what_came(
    minor: int, bp: int, tax: int
) -> None:
    came, went = Money(minor, "GBP"), Money(-minor, "GBP")

    taken, back = (cards.commission(each, bp, Decimal(tax)) for each in (came, went))

    assert (taken.net + back.net, taken.tax + back.tax) == (money("0"), money("0"))
    assert money("0") <= taken.net <= came


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (Card(currency="GBP", rates=()), "rates"),
        (Card(currency="GBP", rates=(Rate(percent=Decimal(20), late_days=60),)), "rates"),
        (Card(currency="GBP", rates=(Rate(percent=Decimal(20)),) * 21), "rates"),
        (Card(currency="GBP", rates=(Rate(percent=Decimal(101)),)), "rate-0-percent"),
        (Card(currency="GBP", rates=(Rate(percent=Decimal("NaN")),)), "rate-0-percent"),
        (Card(currency="GBP", rates=(Rate(percent=Decimal("12.345")),)), "rate-0-percent"),
        (
            Card(currency="GBP", rates=(Rate(percent=Decimal(1)), Rate(percent=Decimal(2), below_minor=0))),
            "rate-1-below_minor",
        ),
        (
            Card(currency="GBP", rates=(Rate(percent=Decimal(1)), Rate(percent=Decimal(2), late_days=-1))),
            "rate-1-late_days",
        ),
        (Card(currency="GBP", rates=(Rate(percent=Decimal(1)),), legal_percent=Decimal(-1)), "legal_percent"),
        (Card(currency="GBP", rates=(Rate(percent=Decimal(1)),), tax_percent=Decimal(200)), "tax_percent"),
    ],
)
def test_what_cannot_stand_on_a_card_is_named_with_its_field(card: Card, field: str) -> None:
    assert [problem.name for problem in cards.problems(card)] == [field]


def test_a_card_is_kept_and_read_again_as_it_was() -> None:
    assert cards.card_of(cards.stored(TYPICAL)) == TYPICAL
    assert not list(cards.problems(TYPICAL))
