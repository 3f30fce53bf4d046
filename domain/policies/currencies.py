"""Currencies: a policy's amounts are in the business's own currency, and say nothing of a debt in another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from domain.policies.sections import Dunning, Handoff, LateInterest, Limits, Section

WITHOUT_AMOUNTS: Mapping[type[Section], Mapping[str, int | None]] = {
    LateInterest: {"least_minor": 0},
    Dunning: {"least_minor": 0},
    Handoff: {"least_minor": 0},
    Limits: {"limit_minor": None, "hold_overdue_least_minor": 0},
}
"""What stands instead of each amount where it cannot be compared: no least amount, and no limit."""

Ruled = TypeVar("Ruled", Dunning, Handoff, LateInterest, Limits)


def in_currency(section: Ruled, currency: str, *, ours: str) -> Ruled:
    """The section as it holds for something in `currency`, in a business that counts in `ours`."""
    return section if currency == ours else replace(section, **WITHOUT_AMOUNTS[type(section)])
