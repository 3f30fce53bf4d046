"""Errors: how far what was forecast for weeks was from what came in them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.shared.money import half_even


@dataclass(frozen=True, slots=True)
class Judged:
    """What was expected in some weeks together, what came in them, and by how much each week was missed, added up."""

    expected: int
    came: int
    missed: int
    weeks: int

    @property
    def error_percent(self) -> Decimal | None:
        """Σ|expected − came| ÷ Σ came × 100, to a tenth: the weighted absolute percentage error; None without any."""
        return _percent(self.missed, self.came)

    @property
    def bias_percent(self) -> Decimal | None:
        """(Σ expected − Σ came) ÷ Σ came × 100, to a tenth: above 0 where too much was expected; None without any."""
        return _percent(self.expected - self.came, self.came)


def judged(weeks: Iterable[tuple[int, int]]) -> Judged:
    """How far off so many weeks were, each given as (what was expected, what came), in minor units."""
    all_of_them = list(weeks)
    return Judged(
        expected=sum(expected for expected, _ in all_of_them),
        came=sum(came for _, came in all_of_them),
        missed=sum(abs(expected - came) for expected, came in all_of_them),
        weeks=len(all_of_them),
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(half_even(Fraction(part * 1000, whole))).scaleb(-1) if whole else None
