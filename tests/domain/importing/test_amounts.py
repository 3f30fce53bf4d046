"""Amounts: notations that say one thing are read, all others are refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.importing.amounts import ONE_SIGN, WHICH_SIGN, AmountReader
from domain.importing.problems import Unfit


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("55.94", "55.94"),
        ("55,94", "55.94"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1234.567", "1234.567"),
        ("0,125", "0.125"),
        (".5", "0.5"),
        ("12", "12"),
        ("+12", "12"),
        ("-12.00", "-12"),
        ("\u221212.00", "-12"),
        ("12.00-", "-12"),
        ("(12.00)", "-12"),
        (" 12.00 ", "12"),
    ],
)
def test_an_amount_that_proves_its_decimal_sign_is_read(text: str, number: str) -> None:
    assert AmountReader().read(text, 1) == Decimal(number)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12.345", "1,234.567,8"])
def test_an_amount_that_could_mean_two_things_asks_for_a_declaration(text: str) -> None:
    with pytest.raises(Unfit) as refusal:
        AmountReader().read(text, 1)

    assert refusal.value.expected == WHICH_SIGN


@pytest.mark.parametrize(("declared", "number"), [(",", "1.234"), (".", "1234")])
def test_a_declared_sign_settles_it(declared: str, number: str) -> None:
    assert AmountReader(declared).read("1,234", 1) == Decimal(number)


@pytest.mark.parametrize(("declared", "text"), [(".", "12,50"), (",", "12.50"), (".", "1.234,56"), (".", "0,125")])
def test_an_amount_in_another_notation_than_declared_is_refused(declared: str, text: str) -> None:
    with pytest.raises(Unfit):
        AmountReader(declared).read(text, 1)


def test_two_notations_in_one_file_are_refused() -> None:
    reader = AmountReader()
    reader.read("12.50", 7)

    with pytest.raises(Unfit) as refusal:
        reader.read("12,50", 9)

    assert (refusal.value.expected, refusal.value.params) == (ONE_SIGN, {"row": 7})


@pytest.mark.parametrize(
    "text", ["", "abc", "=1+1", "1e5", "NaN", "Infinity", "£12", "12.", "1,23,4", "12.34.56", "--1", "(", "9" * 41]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        AmountReader().read(text, 1)


@given(some.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_usual_notation_of_a_number_reads_as_that_number(number: Decimal) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))

    assert (
        AmountReader().read(english, 1) == AmountReader().read(german, 1) == AmountReader(",").read(german, 1) == number
    )


@given(some.text(max_size=60))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    for declared in (None, ".", ","):
        with suppress(Unfit):
            assert AmountReader(declared).read(text, 1).is_finite()
