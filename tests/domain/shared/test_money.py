"""Money: adding, sharing and rounding never make or lose a minor unit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.money import LARGEST_MINOR, CurrencyMismatch, Money, half_even, is_currency, minor_digits

minors = st.integers(-LARGEST_MINOR, LARGEST_MINOR)
sums = st.integers(0, 10**12)


def pounds(minor: int) -> Money:
    """An amount in pence."""
    return Money(minor, "GBP")


@pytest.mark.parametrize(
    ("currency", "digits"), [("GBP", 2), ("JPY", 0), ("KRW", 0), ("BHD", 3), ("RSD", 2), ("IQD", 3), ("MGA", 2)]
)
def test_currencies_have_their_own_number_of_places(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.50", "GBP", 1_250), ("12.5", "GBP", 1_250), ("-0.01", "USD", -1), ("7", "JPY", 7), ("1.234", "BHD", 1_234)],
)
def test_a_decimal_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.of(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("0.005", "GBP"),
        ("0.5", "JPY"),
        ("ten", "GBP"),
        ("", "GBP"),
        ("NaN", "GBP"),
        ("Infinity", "GBP"),
        ("1e30", "GBP"),
        (str(LARGEST_MINOR), "GBP"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"is not (an amount|a whole number)"):
        Money.of(text, currency)


@pytest.mark.parametrize("minor", [1.0, "1", True, Decimal(1), None])
def test_minor_units_are_whole_numbers(minor: object) -> None:
    with pytest.raises(TypeError, match="minor units are whole numbers"):
        Money(minor, "GBP")  # type: ignore[arg-type]


def test_two_currencies_never_mix() -> None:
    dollar = Money(1, "USD")

    with pytest.raises(CurrencyMismatch):
        pounds(1) + dollar
    with pytest.raises(CurrencyMismatch):
        pounds(1) - dollar
    with pytest.raises(CurrencyMismatch):
        pounds(1) < dollar  # noqa: B015
    with pytest.raises(CurrencyMismatch):
        Money.sum([pounds(1), dollar], "GBP")
    assert pounds(0) != Money(0, "USD")


def test_money_and_numbers_never_mix() -> None:
    with pytest.raises(TypeError, match="do not mix"):
        pounds(1) + 1  # type: ignore[operator]


@given(minors, minors)
def test_adding_and_taking_away_undo_each_other(one: int, other: int) -> None:
    assert pounds(one) + pounds(other) - pounds(other) == pounds(one)
    assert pounds(one) - pounds(other) == -(pounds(other) - pounds(one))


@given(minors, minors)
def test_amounts_are_ordered_as_their_numbers_are(one: int, other: int) -> None:
    assert (pounds(one) < pounds(other)) == (one < other)
    assert (pounds(one) <= pounds(other)) == (one <= other)
    assert (pounds(one) > pounds(other)) == (one > other)
    assert (pounds(one) >= pounds(other)) == (one >= other)


@given(minors, st.sampled_from(["GBP", "JPY", "BHD"]))
def test_an_amount_is_read_back_from_its_decimal(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.of(money.decimal, currency) == money
    assert Money.of(str(money).removesuffix(f" {currency}"), currency) == money


@given(st.lists(minors, max_size=20))
def test_a_sum_is_the_sum(parts: list[int]) -> None:
    assert Money.sum(map(pounds, parts), "GBP") == pounds(sum(parts))


@pytest.mark.parametrize(
    ("minor", "parts", "expected"),
    [
        (15, 10, [2, 2, 2, 2, 2, 1, 1, 1, 1, 1]),
        (100, 3, [34, 33, 33]),
        (2, 3, [1, 1, 0]),
        (0, 2, [0, 0]),
        (7, 1, [7]),
    ],
)
def test_equal_parts_are_floored_and_the_first_get_the_odd_units(minor: int, parts: int, expected: list[int]) -> None:
    assert [part.minor for part in pounds(minor).split(parts)] == expected


@given(sums, st.integers(1, 200))
def test_equal_parts_add_up_and_differ_by_a_unit_at_most(minor: int, parts: int) -> None:
    shares = [part.minor for part in pounds(minor).split(parts)]

    assert sum(shares) == minor
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ValueError, match="negative amount"):
        pounds(-1).split(2)
    with pytest.raises(ValueError, match="at least one part"):
        pounds(1).split(0)


@pytest.mark.parametrize(
    ("minor", "factor", "expected"),
    [
        (250, Decimal("0.01"), 2),
        (350, Decimal("0.01"), 4),
        (-250, Decimal("0.01"), -2),
        (251, Decimal("0.01"), 3),
        (12_000, Decimal("0.02"), 240),
        (100, Fraction(1, 3), 33),
        (100, 3, 300),
    ],
)
def test_products_round_once_halves_to_the_even_unit(
    minor: int, factor: Decimal | Fraction | int, expected: int
) -> None:
    assert pounds(minor).times(factor) == pounds(expected)


@given(minors, st.fractions(-10, 10, max_denominator=10_000))
def test_a_product_is_never_off_by_more_than_half_a_unit(minor: int, factor: Fraction) -> None:
    exact = minor * factor

    assert abs(pounds(minor).times(factor).minor - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 0), ("1.5", 2), ("2.5", 2), ("-0.5", 0), ("-1.5", -2)])
def test_halves_go_to_the_even_number(value: str, rounded: int) -> None:
    assert half_even(Decimal(value)) == half_even(Fraction(value)) == rounded


@pytest.mark.parametrize(
    ("code", "known"), [("GBP", True), ("XYZ", False), ("gbp", False), ("GB", False), ("£££", False)]
)
def test_currencies_are_the_ones_of_the_standard(code: str, known: bool) -> None:
    assert is_currency(code) is known


def test_nothing_is_false_and_anything_else_is_true() -> None:
    assert not pounds(0)
    assert pounds(-1)
    assert Money.zero("GBP") == pounds(0)
