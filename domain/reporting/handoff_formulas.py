"""Handoff formulas: what handing debts over brought, as pure functions, exact until one rounding at the end.

docs/placements.md works them through. A figure that would divide by nothing is None: it does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from domain.reporting.formulas import rounded
from domain.shared.money import Money


def net(gross: Money, commission: Money, costs: Money) -> Money:
    """What is left of what came in: less the commission on it, without its tax, and the costs that were accepted."""
    return gross - commission - costs


def recovered_percent(came: Money, placed: Money) -> Decimal | None:
    """What came in, gross or net, of what was placed, in per cent."""
    return rounded(Fraction(100 * came.minor, placed.minor)) if placed.minor > 0 else None


def cost_per_unit(commission: Money, costs: Money, gross: Money) -> Decimal | None:
    """What it cost to recover one pound, euro, … of what came in: (commission + costs) ÷ gross."""
    return rounded(Fraction((commission + costs).minor, gross.minor)) if gross.minor > 0 else None


def mean_days(days: Sequence[int]) -> Decimal | None:
    """The mean of these days."""
    return rounded(Fraction(sum(days), len(days))) if days else None
