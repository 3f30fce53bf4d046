"""Tracing: what becomes of a write-off in the books as its invoice is settled and opened again; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.receivables.model import CreditKind

MONEY = frozenset({CreditKind.PAYMENT, CreditKind.MOVED, CreditKind.REINSTATED})
"""The credit that is money: what it settles was recovered. What else settles it was never lost."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An allocation on the invoice: so many minor units were settled, or opened again where that is negative."""

    allocation_id: int
    minor: int
    is_money: bool
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """By how much an allocation brought the write-off down (up, where negative), and what of it stands then."""

    allocation_id: int
    minor: int
    is_money: bool
    left_minor: int


def trace(amount_minor: int, settled: Iterable[Settled]) -> list[Step]:
    """What each allocation since then did to a write-off of all that was open, in minor units; none where it did not.

    Of what is open, as much stays written off as was written off. What is credited comes off that for good, until the
    credit is taken back; what came in as money and goes again is written off again. What opens on top, because money
    from before went back, was never written off.
    """
    still_open = basis = left = amount_minor
    credited: dict[int, int] = {}
    steps = []
    for each in settled:
        still_open -= each.minor
        if each.reverses_id in credited:
            basis += credited.pop(each.reverses_id)
        now = min(basis, still_open)
        came, left = left - now, now
        if not each.is_money and came > 0:
            basis -= came
            credited[each.allocation_id] = came
        if came:
            steps.append(Step(each.allocation_id, came, each.is_money, left))
    return steps


def tax_left(claimed_minor: int, of_minor: int, left_minor: int) -> int:
    """What of the tax that was claimed back stands while so much of the write-off does, rounded down.

    All of it while all stands that it was claimed for, nothing once nothing does: what was repaid by then is the rest.
    """
    return claimed_minor * min(left_minor, of_minor) // of_minor
