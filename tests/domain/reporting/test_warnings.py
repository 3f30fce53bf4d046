"""Warnings about the way an account pays."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.reporting.warnings import warnings_of

D = Decimal


@pytest.mark.parametrize(
    ("quarters", "said"),
    [
        ([None, D(3), D("15.2")], "Pays 12 days later than last quarter"),
        ([D(3), D(15), None], "Paid 12 days later last quarter than in the one before"),
        ([D(3), D(15), D(24)], None),
        ([D(3), D(5), D(15)], "Pays 10 days later than last quarter"),
        ([D(3), D(15), D(1)], None),
        ([D(3), None, D(40)], None),
        ([D(3), None, None], None),
        ([None, None, None], None),
    ],
)
def test_a_quarter_is_held_against_the_one_before(quarters: list[Decimal | None], said: str | None) -> None:
    found = warnings_of(quarters, D(5), 0, 10)

    assert [each.words.text.format(**each.words.params) for each in found] == ([said] if said else [])


@pytest.mark.parametrize(
    ("usual", "oldest", "said"),
    [
        (D("7.5"), 18, "Its oldest open invoice is 18 days late, instead of 8 as usual"),
        (D(8), 17, None),
        (None, 10, "Its oldest open invoice is 10 days late, and it has paid nothing in the past year"),
        (None, 9, None),
        (None, 0, None),
    ],
)
def test_what_is_open_longer_than_usual_is_told(usual: Decimal | None, oldest: int, said: str | None) -> None:
    found = warnings_of([None, None, None], usual, oldest, 10)

    assert [each.words.text.format(**each.words.params) for each in found] == ([said] if said else [])


def test_one_day_is_said_as_one() -> None:
    assert [str(each.words) for each in warnings_of([None, D(3), D(4)], D(0), 1, 1)] == [
        "Pays a day later than last quarter",
        "Its oldest open invoice is a day late, instead of 0 as usual",
    ]


def test_a_warning_knows_by_how_many_days_it_is_worse() -> None:
    found = warnings_of([None, D(0), D(30)], D(20), 90, 10)

    assert [each.days for each in found] == [30, 70]
