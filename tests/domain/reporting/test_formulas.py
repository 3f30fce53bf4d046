"""Formulas: the vectors worked by hand in docs/figures.md, and the edges where a figure does not exist."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reporting import formulas
from domain.reporting.formulas import Grade, Month, Settled
from domain.shared.money import CurrencyMismatch
from tests.support.builders import money

JUNE, MAY, APRIL = 30, 31, 30


def test_dso_is_the_days_of_sales_that_are_still_owed() -> None:
    assert formulas.days_sales_outstanding(money("5119.85"), money("20098.87"), 91) == Decimal("23.18")
    assert formulas.days_sales_outstanding(money("4284.29"), money("20098.87"), 91) == Decimal("19.40")


def test_delinquent_days_are_rounded_once_and_not_a_difference_of_rounded_figures() -> None:
    found = formulas.average_days_delinquent(money("5119.85"), money("4284.29"), money("20098.87"), 91)

    assert found == Decimal("3.78")


def test_without_sales_there_is_no_dso() -> None:
    assert formulas.days_sales_outstanding(money("10.00"), money("0"), 30) is None
    assert formulas.days_sales_outstanding(money("10.00"), money("-5.00"), 30) is None


def test_two_currencies_have_no_dso_in_common() -> None:
    with pytest.raises(CurrencyMismatch):
        formulas.days_sales_outstanding(money("10.00"), money("10.00", "USD"), 30)


def test_count_back_takes_whole_months_and_then_a_fraction_of_one() -> None:
    months = [Month(money("400.00"), JUNE), Month(money("500.00"), MAY), Month(money("300.00"), APRIL)]

    found = formulas.count_back_dso(money("1000.00"), months)

    assert found == Decimal("71.00")  # 400 and 500 are 61 days; 100 of April's 300 are a third of its 30


def test_count_back_within_the_newest_month_is_a_fraction_of_it() -> None:
    assert formulas.count_back_dso(money("100.00"), [Month(money("400.00"), JUNE)]) == Decimal("7.50")


def test_count_back_of_nothing_owed_is_no_days() -> None:
    assert formulas.count_back_dso(money("0"), [Month(money("400.00"), JUNE)]) == Decimal("0.00")


def test_a_month_without_sales_counts_its_days_and_takes_nothing_off() -> None:
    months = [Month(money("0"), JUNE), Month(money("-20.00"), MAY), Month(money("300.00"), APRIL)]

    assert formulas.count_back_dso(money("30.00"), months) == Decimal("64.00")


def test_count_back_does_not_exist_when_more_is_owed_than_was_ever_sold() -> None:
    assert formulas.count_back_dso(money("400.01"), [Month(money("400.00"), JUNE)]) is None


def test_cei_is_what_was_collected_of_what_could_have_been() -> None:
    found = formulas.collection_effectiveness(money("1000"), money("2000"), closing=money("900"), current=money("600"))

    assert found == Decimal("87.50")  # 2100 of 2400


def test_cei_is_a_hundred_when_nothing_is_late() -> None:
    found = formulas.collection_effectiveness(money("1000"), money("2000"), closing=money("900"), current=money("900"))

    assert found == Decimal("100.00")


def test_cei_does_not_exist_when_nothing_could_be_collected() -> None:
    found = formulas.collection_effectiveness(money("0"), money("500"), closing=money("500"), current=money("500"))

    assert found is None


def test_early_payment_never_makes_up_for_late_payment() -> None:
    due = date(2026, 3, 10)
    paid = [
        Settled(money("300.00"), due, date(2026, 3, 1)),
        Settled(money("100.00"), due, date(2026, 3, 30)),
    ]

    assert formulas.weighted_average_delay(paid) == Decimal("5.00")


def test_without_payments_there_is_no_delay() -> None:
    assert formulas.weighted_average_delay([]) is None


@pytest.mark.parametrize(
    ("delay", "grade"),
    [("0", Grade.A), ("5", Grade.A), ("5.01", Grade.B), ("15", Grade.B), ("30", Grade.C), ("30.01", Grade.D)],
)
def test_the_grade_follows_the_delay(delay: str, grade: Grade) -> None:
    assert formulas.grade(Decimal(delay)) is grade


def test_a_figure_is_rounded_half_to_even() -> None:
    assert formulas.rounded(Fraction(1, 200)) == Decimal("0.00")
    assert formulas.rounded(Fraction(3, 200)) == Decimal("0.02")


@given(st.integers(0, 10**9), st.lists(st.tuples(st.integers(0, 10**8), st.integers(28, 31)), max_size=24))
def test_count_back_never_passes_the_days_there_were(receivable: int, months: list[tuple[int, int]]) -> None:
    found = formulas.count_back_dso(
        money("0.01").times(receivable), [Month(money("0.01").times(sales), days) for sales, days in months]
    )

    assert found is None or 0 <= found <= sum(days for _, days in months)
