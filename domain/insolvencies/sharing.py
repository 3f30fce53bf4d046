"""Sharing: how a dividend falls on the debts that were proved, each by its share, and on the parts of each; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Proved:
    """One debt of a claim: what was proved of it, and what is open of its parts, in the order that they are settled."""

    minor: int
    parts: Sequence[tuple[int, int]]
    """Invoices and debit notes by id, with what is open of each."""

    @property
    def open_minor(self) -> int:
        """What is open of it in all."""
        return sum(minor for _, minor in self.parts)


def share(amount: int, debts: Sequence[Proved]) -> Mapping[int, int]:
    """How much of `amount`, in minor units, falls on which invoice; those that get nothing are left out.

    Each debt gets its share by what was proved of it, whole units to the largest rest first, and never more than is
    open of it: what one cannot take falls on the others in the same way. What none can take is not given out.
    """
    room = [debt.open_minor for debt in debts]
    given = [0] * len(debts)
    left = min(amount, sum(room))
    while left:
        able = [place for place, debt in enumerate(debts) if given[place] < room[place] and debt.minor]
        able = able or [place for place in range(len(debts)) if given[place] < room[place]]
        weights = {place: debts[place].minor or 1 for place in able}
        wanted = _by_weight(left, weights)
        for place, minor in wanted.items():
            taken = min(minor, room[place] - given[place])
            given[place] += taken
            left -= taken
    found: dict[int, int] = {}
    for debt, minor in zip(debts, given, strict=True):
        for invoice_id, open_minor in debt.parts:
            taken = min(minor, open_minor)
            minor -= taken
            if taken:
                found[invoice_id] = taken
    return found


def _by_weight(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Split an amount by weights into whole units that add up to it, the largest rests first."""
    total = sum(weights.values())
    exact = {place: Fraction(amount * weight, total) for place, weight in weights.items()}
    whole = {place: int(value) for place, value in exact.items()}
    rest = amount - sum(whole.values())
    for place in sorted(exact, key=lambda each: (whole[each] - exact[each], each))[:rest]:
        whole[place] += 1
    return whole
