"""Interest on a judgment: simple, by days, on what is open at the end of each day, rounded once."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.legal_cases.interest import interest_through

ON = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("settled", "through", "expected"),
    [
        ([], date(2026, 3, 1), 80_00),
        ([], ON, 0),
        ([], date(2025, 2, 1), 0),
        ([], date(2025, 3, 2), 22),
        ([(date(2025, 3, 2), 500_00)], date(2025, 3, 2), 11),
        ([(date(2025, 3, 11), 1_000_00)], date(2026, 3, 1), 1_97),
        ([(date(2025, 2, 27), 400_00)], date(2026, 3, 1), 80_00),
        ([(date(2025, 3, 11), 1_000_00), (date(2025, 3, 21), -1_000_00)], date(2025, 3, 31), 4_38),
    ],
    ids=["a year", "its day", "before", "a day", "half paid", "all paid", "paid before", "paid and gone back"],
)
def test_eight_per_cent_of_a_thousand(settled: list[tuple[date, int]], through: date, expected: int) -> None:
    assert interest_through(1_000_00, 800, ON, settled, through) == expected


days = st.integers(-20, 400)
moves = st.lists(st.tuples(days, st.integers(-300_00, 700_00)), max_size=6)


@given(st.integers(1, 10_000_00), st.integers(0, 10_000), moves, st.integers(0, 400))
def test_it_is_what_adding_day_by_day_gives(
    judgment: int, rate: int, moved: list[tuple[int, int]], length: int
) -> None:
    settled = [(ON + timedelta(days=day), minor) for day, minor in moved]
    through = ON + timedelta(days=length)
    summed = 0
    for number in range(1, length + 1):
        day = ON + timedelta(days=number)
        paid = sum(minor for on, minor in settled if ON < on <= day)
        summed += max(0, min(judgment, judgment - paid))
    exact = Fraction(summed * rate, 10_000 * 365)

    assert interest_through(judgment, rate, ON, settled, through) == int(exact + Fraction(1, 2))
