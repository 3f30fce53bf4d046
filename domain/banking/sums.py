"""Sums: which of an account's invoices add up to an amount, where only one choice of them does; pure."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 12
"""Among more invoices almost any amount is the sum of some."""


def only_choice(amounts: Sequence[int], wanted: int) -> tuple[int, ...] | None:
    """The places of the positive amounts that add up to `wanted`; None where no choice does, or more than one.

    Looks at 4,096 choices at most, and at none where there are more than MOST amounts.
    """
    if len(amounts) > MOST:
        return None
    sums: list[int] = [0]
    found: int | None = None
    for amount in amounts:
        sums += [each + amount for each in sums]
    for choice, total in enumerate(sums):
        if choice and total == wanted:
            if found is not None:
                return None
            found = choice
    return None if found is None else tuple(place for place in range(len(amounts)) if found >> place & 1)
