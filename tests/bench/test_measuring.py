"""Measuring: sides take turns, the ratio is the median of the pairs, percentiles are ranks."""

from __future__ import annotations

import pytest

from bench.measuring import Pairs, Turn, in_turns, median_rate, percentile


def test_sides_take_turns_after_one_that_does_not_count() -> None:
    taken: list[str] = []

    def side(name: str) -> Turn:
        taken.append(name)
        return Turn(float(len(taken)), [1.0])

    pairs = in_turns(lambda: side("A"), lambda: side("B"), lambda: None, count=2)

    assert "".join(taken) == "ABABAB"
    assert [turn.seconds for turn in pairs.ours] == [3.0, 5.0]
    assert [turn.seconds for turn in pairs.bare] == [4.0, 6.0]


def test_the_ratio_is_the_median_of_the_pairs_and_not_the_ratio_of_medians() -> None:
    ours = [Turn(seconds, [0.1] * 10) for seconds in (2.0, 10.0, 4.0)]
    bare = [Turn(seconds, [0.1] * 10) for seconds in (1.0, 9.0, 1.0)]

    pairs = Pairs(ours, bare)

    assert pairs.ratios == pytest.approx([0.25, 0.5, 0.9])
    assert pairs.ratio == 0.5
    assert median_rate(ours) == 2.5


def test_a_percentile_is_the_nearest_rank_of_each_turn() -> None:
    turns = [Turn(1.0, [factor * rank for rank in range(100, 0, -1)]) for factor in (1, 3, 2)]

    assert percentile(turns, 50) == pytest.approx(100)
    assert percentile(turns, 99) == pytest.approx(198)
