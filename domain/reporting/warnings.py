"""Warnings: what in the way an account pays is worth a look before it is bad debt, in words; a pure file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.shared.errors import N_
from domain.shared.money import half_even
from domain.shared.words import Words

THIS_QUARTER = (N_("Pays a day later than last quarter"), N_("Pays {days} days later than last quarter"))
LAST_QUARTER = (
    N_("Paid a day later last quarter than in the one before"),
    N_("Paid {days} days later last quarter than in the one before"),
)
LATER_THAN_USUAL = (
    N_("Its oldest open invoice is a day late, instead of {usual} as usual"),
    N_("Its oldest open invoice is {days} days late, instead of {usual} as usual"),
)
NOTHING_PAID = (
    N_("Its oldest open invoice is a day late, and it has paid nothing in the past year"),
    N_("Its oldest open invoice is {days} days late, and it has paid nothing in the past year"),
)
"""Each for one day, and for several."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in words, and by how many days it is worse than usual."""

    days: int
    words: Words


def warnings_of(
    quarters: Sequence[Decimal | None], usual: Decimal | None, oldest_days: int, warn_days: int
) -> tuple[Warned, ...]:
    """The warnings that days of delay by quarter (the last one runs still) and what is open now are worth.

    `usual` is the delay of the past year, None where nothing was paid; `warn_days` is the least change that counts.
    """
    found = (_later(quarters, warn_days), _overdue(usual, oldest_days, warn_days))
    return tuple(each for each in found if each is not None)


def _later(quarters: Sequence[Decimal | None], warn_days: int) -> Warned | None:
    """Between the newest quarter in which anything was paid, of the last two, and the one before it."""
    before_last, last, this = quarters[-3:]
    newer, older, text = (last, before_last, LAST_QUARTER) if this is None else (this, last, THIS_QUARTER)
    if newer is None or older is None or newer - older < warn_days:
        return None
    days = half_even(newer - older)
    return Warned(days, _counted(text, days))


def _overdue(usual: Decimal | None, oldest_days: int, warn_days: int) -> Warned | None:
    excess = oldest_days - half_even(usual or Decimal(0))
    if not oldest_days or excess < warn_days:
        return None
    if usual is None:
        return Warned(excess, _counted(NOTHING_PAID, oldest_days))
    return Warned(excess, _counted(LATER_THAN_USUAL, oldest_days, usual=half_even(usual)))


def _counted(texts: tuple[str, str], days: int, **params: int) -> Words:
    return Words.of(texts[0] if days == 1 else texts[1], days=days, **params)
