"""Learned delays: what weighs how much, and what is left to expect of something that is late already."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.reporting.forecasting.delays import (
    EARLIEST,
    LATEST,
    MONTHS,
    PRIOR_INVOICES,
    Calendar,
    Prior,
    added,
    learned,
    shared,
    shrunk,
    weight,
)

WEDNESDAY = date(2026, 3, 11)


def test_older_payments_weigh_less_and_at_last_nothing() -> None:
    assert [weight(months) for months in (0, 1, 2, 4)] == [1000, 707, 500, 250]
    assert weight(MONTHS) == 0
    assert learned([(5, 0, 1000), (5, 2, 1000), (9, MONTHS, 1000)]) == {5: 1500}


def test_what_is_far_out_is_counted_at_the_edge() -> None:
    assert learned([(4000, 0, 1000), (-4000, 0, 500)]) == {EARLIEST: 500, LATEST: 1000}


def test_few_invoices_are_mostly_expected_as_everybody_s() -> None:
    everybody = {0: 50_000, 10: 50_000}

    newcomer, regular = shrunk({20: 1000}, everybody), shrunk({20: 300_000}, everybody)

    assert newcomer[20] * (PRIOR_INVOICES + 1) == sum(newcomer.values())
    assert regular[20] * (PRIOR_INVOICES + 300) == 300 * sum(regular.values())


def test_without_others_one_s_own_history_is_all_there_is() -> None:
    assert shrunk({3: 1000}, {}) == {3: 1000}
    assert Prior({}, Calendar(WEDNESDAY, 2)).weights({3: 1000}, WEDNESDAY) == [1000, 0, 0]


def test_accounts_together_are_their_sum() -> None:
    assert added([{1: 10, 2: 5}, {2: 7}]) == {1: 10, 2: 12}


def test_what_is_ten_days_late_cannot_come_after_five() -> None:
    calendar = Calendar(WEDNESDAY, 3)
    prior = Prior({5: 1000, 10: 1000, 20: 3000, 90: 1000}, calendar)

    weights = prior.weights({}, date(2026, 3, 1))

    assert [each * 5 // sum(weights) for each in weights] == [1, 3, 0, 1]


def test_nobody_has_ever_paid_so_late() -> None:
    assert sum(Prior({5: 1000}, Calendar(WEDNESDAY, 3)).weights({7: 1000}, date(2026, 1, 1))) == 0


def test_weeks_begin_on_mondays_and_what_is_over_is_expected_at_once() -> None:
    calendar = Calendar(WEDNESDAY, 2)

    assert calendar.mondays() == [date(2026, 3, 9), date(2026, 3, 16)]
    days = (date(2025, 1, 1), date(2026, 3, 9), date(2026, 3, 15), date(2026, 3, 16), date(2026, 3, 23))
    assert [calendar.week_of(day) for day in days] == [0, 0, 0, 1, 2]


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**12), min_size=1, max_size=14))
def test_the_parts_add_up_and_none_is_off_by_a_unit(minor: int, weights: list[int]) -> None:
    parts, total = shared(minor, weights), sum(weights)

    assert sum(parts) == (minor if total else 0)
    assert all(part >= 0 for part in parts)
    assert all(abs(part * total - minor * each) <= total for part, each in zip(parts, weights, strict=True))
