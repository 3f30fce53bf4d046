"""Ranking: how much work is worth doing now: amount × lateness × chance × promise × deadline, each as a factor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

from domain.shared.errors import N_

LATE_STEP = 30
"""So many days late count once more what a debt that is not late counts."""
LATEST = 180
"""Days; beyond them lateness counts no more: what is older is not more urgent for it."""
MOST_BROKEN = 3
"""So many broken promises count, more do not."""
PRESSING = 10
"""How much more work counts on its last day than without a deadline."""
EASING = 3
"""Days before the last one at which a deadline's extra weight has fallen to half."""
MOST_TIMES = 1_000_000
"""So many times the usual amount is as much as an amount can count."""
THOUSANDTHS = 1_000
USUAL_PERCENT = 100


class Factor(StrEnum):
    """What decides; each can count more or less than usual."""

    AMOUNT = "amount"
    LATENESS = "lateness"
    CHANCE = "chance"
    PROMISE = "promise"
    DEADLINE = "deadline"


FACTOR_NAMES = {
    Factor.AMOUNT: N_("Amount"),
    Factor.LATENESS: N_("Lateness"),
    Factor.CHANCE: N_("Chance of payment"),
    Factor.PROMISE: N_("Promises"),
    Factor.DEADLINE: N_("Deadline"),
}
"""What each is called on the screen."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each factor counts, in per cent of its usual weight: 0 leaves it out, 200 makes it count twice over."""

    amount: int = USUAL_PERCENT
    lateness: int = USUAL_PERCENT
    chance: int = USUAL_PERCENT
    promise: int = USUAL_PERCENT
    deadline: int = USUAL_PERCENT

    def of(self, factor: Factor) -> int:
        """The weight of one factor."""
        return int(getattr(self, factor.value))


USUAL = Weights()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one piece of work when it is weighed.

    `amount_minor` (in `currency`) is what it is worth: its own amount, else what is late on the account; `usual_minor`
    is what is usual in that currency. `days_late` is the age of the account's oldest late invoice. `paid_percent` is
    how much of what was asked for the account has paid within a year (None without an account). `broken` promises are
    those of late; `is_promised` says that a promise runs and the work is to ask for money. `due_on` is the last day of
    what has one, `days_left` how far off it was when this was known.
    """

    amount_minor: int | None = None
    currency: str | None = None
    usual_minor: int | None = None
    late_minor: int = 0
    days_late: int = 0
    waiting_days: int = 0
    paid_percent: int | None = None
    broken: int = 0
    is_promised: bool = False
    due_on: date | None = None
    days_left: int | None = None

    def stored(self) -> dict[str, Any]:
        """The same as JSON can keep it."""
        return {**asdict(self), "due_on": self.due_on.isoformat() if self.due_on else None}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """What was kept."""
        due_on = stored.get("due_on")
        names = {one.name for one in fields(cls)}
        given = {name: value for name, value in stored.items() if name in names}
        return cls(**{**given, "due_on": date.fromisoformat(due_on) if due_on else None})


def factor(which: Factor, known: Known) -> float:
    """By how much one thing makes a piece of work more (above 1) or less (below 1) worth doing now."""
    return _FACTORS[which](known)


def points(known: Known) -> dict[Factor, int]:
    """Of each factor thousandths of its natural logarithm: to add them up is to multiply the factors."""
    return {which: round(math.log(factor(which, known)) * THOUSANDTHS) for which in Factor}


def rank(parts: Mapping[Factor, Any], weights: Weights) -> Any:
    """The place of a piece of work by its points, or by the columns that hold them: the smallest is done first."""
    first, *others = (parts[which] * weights.of(which) for which in Factor)
    return -sum(others, first)


def times(part: int, weight: int) -> float:
    """What a factor of so many points multiplies by, at a weight in per cent."""
    return math.exp(part * weight / (THOUSANDTHS * USUAL_PERCENT))


def _amount(known: Known) -> float:
    """1 for nothing, 2 for the usual amount of its currency, and one more for each time the usual amount.

    Currencies are compared by what is usual in each. Work without an amount counts as usual work does.
    """
    if known.amount_minor is None or not known.usual_minor:
        return 2.0
    return 1 + min(max(0, known.amount_minor) / known.usual_minor, MOST_TIMES)


def _lateness(known: Known) -> float:
    """1 for what is not late, 2 after a month, up to 7; where nothing is late, by how long it has waited for us."""
    return 1 + min(known.days_late or known.waiting_days, LATEST) / LATE_STEP


def _chance(known: Known) -> float:
    """From a half for who never pays to one and a half for who always does; 1 where nothing is known."""
    return 1.0 if known.paid_percent is None else 0.5 + known.paid_percent / 100


def _promise(known: Known) -> float:
    """One more for each promise that was broken of late; a half of it while another one runs."""
    return (1 + min(known.broken, MOST_BROKEN)) * (0.5 if known.is_promised else 1)


def _deadline(known: Known) -> float:
    """10 on the last day and after it, less with each day before it; 1 without a deadline."""
    if known.days_left is None:
        return 1.0
    return 1 + (PRESSING - 1) * EASING / (EASING + max(0, known.days_left))


_FACTORS = {
    Factor.AMOUNT: _amount,
    Factor.LATENESS: _lateness,
    Factor.CHANCE: _chance,
    Factor.PROMISE: _promise,
    Factor.DEADLINE: _deadline,
}
