"""Relief terms: six months after a debt was due, and no more after four and a half years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.write_offs.relief_terms import RELIEF, earliest_base, first_day, last_day, latest_base
from domain.write_offs.tracing import tax_left

UK = RELIEF["GB"]


@pytest.mark.parametrize(
    ("due", "first"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2025, 8, 31), date(2026, 3, 1)),
        (date(2025, 8, 29), date(2026, 3, 1)),
        (date(2023, 8, 29), date(2024, 2, 29)),
        (date(2026, 2, 28), date(2026, 8, 28)),
    ],
)
def test_the_first_day_is_six_months_later(due: date, first: date) -> None:
    assert first_day(due, UK) == first


def test_the_last_day_is_four_years_and_six_months_later() -> None:
    assert last_day(date(2026, 1, 31), UK) == date(2030, 7, 31)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(150, 220))
def test_lists_and_pages_agree_on_the_first_day(due: date, days: int) -> None:
    today = due + timedelta(days=days)

    assert (due <= latest_base(today, UK)) == (first_day(due, UK) <= today)


def test_what_is_too_old_is_in_no_list() -> None:
    assert earliest_base(date(2030, 7, 31), UK) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("left", "stays"),
    [(100, 17), (99, 16), (50, 8), (6, 1), (5, 0), (1, 0), (0, 0), (130, 17)],
)
def test_of_17_claimed_for_100_so_much_stays(left: int, stays: int) -> None:
    assert tax_left(17, 100, left) == stays


@given(st.integers(1, 10_000), st.data())
def test_all_that_was_claimed_is_repaid_once_all_came_in(of: int, data: st.DataObject) -> None:
    claimed = data.draw(st.integers(1, of))
    left, standing, repaid = of, claimed, []
    while left:
        left -= data.draw(st.integers(1, left))
        repaid.append(standing - tax_left(claimed, of, left))
        standing -= repaid[-1]

    assert sum(repaid) == claimed
    assert min(repaid) >= 0
