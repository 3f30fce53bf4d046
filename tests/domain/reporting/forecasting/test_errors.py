"""Errors of a forecast: what was missed either way adds up, what was too much and too little makes up in the bias."""

from __future__ import annotations

from decimal import Decimal

from domain.reporting.forecasting.errors import judged


def test_misses_add_up_and_bias_makes_up() -> None:
    found = judged([(120, 100), (60, 100)])

    assert (found.expected, found.came, found.missed, found.weeks) == (180, 200, 60, 2)
    assert (found.error_percent, found.bias_percent) == (Decimal("30.0"), Decimal("-10.0"))


def test_nothing_that_came_gives_no_percentage() -> None:
    assert (judged([(5, 0)]).error_percent, judged([]).bias_percent) == (None, None)
