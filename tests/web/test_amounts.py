"""Amounts as people type them: read when they can only mean one thing, refused when they could mean two."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.money import Money
from web.amounts import possible_amounts, read_amount, typed_amount

BRITISH, SPANISH = Locale.parse("en_GB"), Locale.parse("es_ES")


@pytest.mark.parametrize(
    ("typed", "locale", "minor"),
    [
        ("12", BRITISH, 1200),
        ("12.5", BRITISH, 1250),
        ("12.50", SPANISH, 1250),
        ("12,50", BRITISH, 1250),
        ("1,234.56", BRITISH, 123456),
        ("1.234,56", BRITISH, 123456),
        ("1.234,56", SPANISH, 123456),
        ("1,234", BRITISH, 123400),
        ("1.234", SPANISH, 123400),
        ("1.234.567", SPANISH, 123456700),
        ("£ 1 234.50", BRITISH, 123450),
        ("GBP 7", BRITISH, 700),
        ("7 £", SPANISH, 700),
        ("gbp 7.00", BRITISH, 700),
        ("1'234.50", BRITISH, 123450),
        ("−5.00", BRITISH, -500),
        ("0.100", BRITISH, 10),
    ],
)
def test_what_can_only_mean_one_amount_is_read(typed: str, locale: Locale, minor: int) -> None:
    assert read_amount(typed, "GBP", locale) == Money(minor, "GBP")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "1.234",
        "12.345",
        "1,23,456.00",
        "1.2.3",
        "12,34,5",
        "--5",
        "5-",
        "1e5",
        "1..5",
        ",",
        "٣",
        "NaN",
        "12 50",
        "12 pounds 50",
        "1 2",
        "- -5",
        "5 GBP USD",
        "12 3456.00",
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount|decimals|odd places"):
        read_amount(typed, "GBP", BRITISH)


def test_a_decimal_is_refused_where_the_currency_has_none() -> None:
    with pytest.raises(ValueError, match="more decimals"):
        read_amount("100.5", "JPY", BRITISH)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_does_worse_than_be_refused(typed: str) -> None:
    try:
        amount = read_amount(typed, "GBP", BRITISH)
    except ValueError:
        return
    assert amount.currency == "GBP"


@pytest.mark.parametrize("typed", ["€7", "7 EUR", "US$7", "XYZ 7"])
def test_another_currency_than_the_forms_is_not_taken_for_it(typed: str) -> None:
    with pytest.raises(ValueError, match="not an amount in GBP"):
        read_amount(typed, "GBP", BRITISH)


def test_a_sign_that_several_currencies_share_is_taken_for_the_forms() -> None:
    assert read_amount("$7", "USD", BRITISH) == read_amount("US$7", "USD", BRITISH) == Money(700, "USD")


@given(st.integers(1, 10**11), st.sampled_from(["GBP", "EUR", "JPY", "BHD"]), st.sampled_from(["en", "es", "de"]))
def test_an_amount_of_any_currency_is_among_those_that_can_be_meant(minor: int, currency: str, language: str) -> None:
    amount, locale = Money(minor, currency), Locale(language)

    found = possible_amounts(typed_amount(amount, locale), locale)

    assert amount in found
    assert amount in possible_amounts(f"{currency} {typed_amount(amount, locale)}", locale)
    assert {one.currency for one in possible_amounts(f"{currency} {typed_amount(amount, locale)}", locale)} == {
        currency
    }


@pytest.mark.parametrize("typed", ["", "abc", "INV-1", "0", "1,2,3", "12 34", "€", "1.234.5"])
def test_what_is_no_amount_means_none(typed: str) -> None:
    assert possible_amounts(typed, Locale("en")) == frozenset()
