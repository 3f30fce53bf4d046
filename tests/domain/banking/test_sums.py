"""Sums: the one choice of amounts that adds up, against trying them all."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as some

from domain.banking.sums import MOST, only_choice


@given(some.lists(some.integers(1, 60), max_size=8), some.integers(0, 200))
def test_it_finds_what_trying_all_choices_finds(amounts: list[int], wanted: int) -> None:
    choices = [
        places
        for length in range(1, len(amounts) + 1)
        for places in combinations(range(len(amounts)), length)
        if sum(amounts[place] for place in places) == wanted
    ]

    assert only_choice(amounts, wanted) == (choices[0] if len(choices) == 1 else None)


def test_it_does_not_look_among_too_many() -> None:
    powers = [1 << place for place in range(MOST + 1)]

    assert only_choice(powers[:MOST], 5) == (0, 2)
    assert only_choice(powers, 5) is None
