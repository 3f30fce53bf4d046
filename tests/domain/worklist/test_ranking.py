"""Ranking: each factor only ever moves work one way, and what is stored comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.worklist.ranking import USUAL, Factor, Known, Weights, factor, points, rank, times

KNOWN = st.builds(
    Known,
    amount_minor=st.one_of(st.none(), st.integers(0, 10**12)),
    currency=st.just("GBP"),
    usual_minor=st.one_of(st.none(), st.integers(1, 10**9)),
    late_minor=st.integers(0, 10**12),
    days_late=st.integers(0, 2_000),
    waiting_days=st.integers(0, 2_000),
    paid_percent=st.one_of(st.none(), st.integers(0, 100)),
    broken=st.integers(0, 20),
    is_promised=st.booleans(),
    due_on=st.one_of(st.none(), st.dates()),
    days_left=st.one_of(st.none(), st.integers(-400, 400)),
)
WEIGHTS = st.builds(Weights, *(st.integers(0, 500) for _ in Factor))
STORED_AT_MOST = 2**31 - 1


def place(known: Known, weights: Weights = USUAL) -> int:
    return int(rank(points(known), weights))


@given(KNOWN, WEIGHTS, st.integers(0, 10**12))
def test_more_money_never_comes_later(known: Known, weights: Weights, more: int) -> None:
    less = replace(known, amount_minor=known.amount_minor or 0)

    assert place(replace(less, amount_minor=(less.amount_minor or 0) + more), weights) <= place(less, weights)


@given(KNOWN, WEIGHTS, st.integers(0, 500))
def test_what_is_later_never_comes_later(known: Known, weights: Weights, more: int) -> None:
    late = replace(known, days_late=max(1, known.days_late))

    assert place(replace(late, days_late=late.days_late + more), weights) <= place(late, weights)


@given(KNOWN, WEIGHTS, st.integers(0, 100), st.integers(0, 100))
def test_who_pays_more_often_never_comes_later(known: Known, weights: Weights, one: int, other: int) -> None:
    worse, better = sorted((one, other))

    assert place(replace(known, paid_percent=better), weights) <= place(replace(known, paid_percent=worse), weights)


@given(KNOWN, WEIGHTS)
def test_a_broken_promise_raises_and_a_live_one_lowers(known: Known, weights: Weights) -> None:
    broken = replace(known, broken=known.broken + 1)
    waiting, free = replace(known, is_promised=True), replace(known, is_promised=False)

    assert place(broken, weights) <= place(known, weights)
    assert place(waiting, weights) >= place(free, weights)


@given(KNOWN, WEIGHTS, st.integers(0, 400), st.integers(0, 400))
def test_a_nearer_deadline_never_comes_later(known: Known, weights: Weights, one: int, other: int) -> None:
    near, far = sorted((one, other))

    assert place(replace(known, days_left=near), weights) <= place(replace(known, days_left=far), weights)
    assert place(replace(known, days_left=far), weights) <= place(replace(known, days_left=None), weights)


@given(KNOWN, WEIGHTS)
def test_every_place_fits_into_its_column(known: Known, weights: Weights) -> None:
    assert abs(place(known, weights)) <= STORED_AT_MOST


@given(KNOWN, st.sampled_from(Factor))
def test_a_factor_that_weighs_nothing_changes_nothing(known: Known, which: Factor) -> None:
    without = replace(USUAL, **{which.value: 0})
    parts = points(known)

    assert rank(parts, without) == rank({**parts, which: 0}, USUAL)


@given(KNOWN)
def test_what_is_kept_comes_back(known: Known) -> None:
    assert Known.read(known.stored()) == known


@pytest.mark.parametrize(
    ("known", "which", "expected"),
    [
        (Known(amount_minor=50_000, usual_minor=50_000), Factor.AMOUNT, 2),
        (Known(amount_minor=400_000, usual_minor=50_000), Factor.AMOUNT, 9),
        (Known(), Factor.AMOUNT, 2),
        (Known(days_late=30), Factor.LATENESS, 2),
        (Known(waiting_days=60), Factor.LATENESS, 3),
        (Known(days_late=999), Factor.LATENESS, 7),
        (Known(paid_percent=50), Factor.CHANCE, 1),
        (Known(paid_percent=100), Factor.CHANCE, 1.5),
        (Known(broken=1), Factor.PROMISE, 2),
        (Known(broken=1, is_promised=True), Factor.PROMISE, 1),
        (Known(due_on=date(2026, 3, 1), days_left=0), Factor.DEADLINE, 10),
        (Known(due_on=date(2026, 3, 1), days_left=3), Factor.DEADLINE, 5.5),
        (Known(), Factor.DEADLINE, 1),
    ],
)
def test_the_factors_of_the_manual(known: Known, which: Factor, expected: float) -> None:
    assert factor(which, known) == pytest.approx(expected)


def test_points_multiply_back_to_the_factor() -> None:
    known = Known(amount_minor=400_000, usual_minor=50_000)

    assert times(points(known)[Factor.AMOUNT], 100) == pytest.approx(9, rel=0.001)
    assert times(points(known)[Factor.AMOUNT], 200) == pytest.approx(81, rel=0.002)
