"""Which days a review is beside: like with like."""

from __future__ import annotations

from datetime import date

import pytest

from domain.reporting.reviewing.comparing import compared

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "last", "until", "before", "words"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), TODAY, (date(2026, 7, 1), date(2026, 8, 23)), "as many days from"),
        (date(2026, 10, 1), TODAY, TODAY, (date(2026, 7, 1), date(2026, 8, 23)), "may still bring more"),
        (
            date(2026, 7, 1),
            date(2026, 9, 30),
            date(2026, 9, 30),
            (date(2026, 4, 1), date(2026, 6, 30)),
            "three whole months",
        ),
        (
            date(2026, 5, 11),
            date(2026, 6, 10),
            date(2026, 6, 10),
            (date(2026, 2, 11), date(2026, 3, 13)),
            "as many days from",
        ),
        (
            date(2026, 1, 1),
            date(2026, 6, 30),
            date(2026, 6, 30),
            (date(2025, 7, 4), date(2025, 12, 31)),
            "as many days right before",
        ),
        (date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 1), (date(2026, 9, 1), date(2026, 9, 1)), "as many"),
    ],
)
def test_days_stand_beside_as_many_days(
    first: date, last: date, until: date, before: tuple[date, date], words: str
) -> None:
    found = compared(first, last, TODAY)

    assert (found.first, found.last) == (first, until)
    assert (found.first_before, found.last_before) == before
    assert words in str(found.words)
    assert str(before[1]) in str(found.words)
    is_quarter = "three whole months" in words
    assert is_quarter or found.last_before - found.first_before == found.last - found.first
