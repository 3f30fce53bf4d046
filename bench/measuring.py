"""Measuring: two sides in turn, A B A B, so that whatever else the machine does slows both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

PAIRS = 9
"""How many times each side has its turn; an odd number, so that the median is one that was measured."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One side's turn: the seconds that all of it took, and the seconds of each piece of work in it."""

    seconds: float
    each: Sequence[float]

    @property
    def rate(self) -> float:
        """Pieces of work a second."""
        return len(self.each) / self.seconds


@dataclass(frozen=True, slots=True)
class Pairs:
    """What both sides did, pair by pair."""

    ours: Sequence[Turn]
    bare: Sequence[Turn]

    @property
    def ratios(self) -> list[float]:
        """Our rate by the other's, in each pair, the least first."""
        return sorted(a.rate / b.rate for a, b in zip(self.ours, self.bare, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)


Side = Callable[[], Turn]


def in_turns(ours: Side, bare: Side, progress: Callable[[], None], count: int = PAIRS) -> Pairs:
    """Give both sides one turn that is not counted, then `count` turns each, one after the other."""
    ours(), bare()
    done_by_us, done_by_bare = [], []
    for _ in range(count):
        done_by_us.append(ours())
        done_by_bare.append(bare())
        progress()
    return Pairs(done_by_us, done_by_bare)


def median_rate(turns: Sequence[Turn]) -> float:
    """The median of the turns' rates."""
    return median(turn.rate for turn in turns)


def percentile(turns: Sequence[Turn], share: int) -> float:
    """The seconds within which `share` per cent of a turn's work was done, by the nearest rank; median of the turns."""
    return median(sorted(turn.each)[ceil(len(turn.each) * share / 100) - 1] for turn in turns)
