"""Explaining: why a piece of work waits now, in one sentence, and what put it in its place, factor by factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.worklist.ranking import FACTOR_NAMES, Factor, Known, Weights, times

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Reason:
    """One factor: its name (a message id), what is known, and by how much it makes the work more worthwhile."""

    name: str
    says: Words
    times: Decimal
    weight: int


def why_now(known: Known, day: date) -> Words:
    """The most pressing thing that is known of it on `day`."""
    if known.due_on is not None:
        return _deadline(known.due_on, day)
    late = Money(known.late_minor, known.currency) if known.late_minor and known.currency else None
    if known.broken and late:
        return Words.of(N_("A promise was not kept lately, and {amount} is late."), amount=late)
    if known.broken:
        return Words.of(N_("A promise was not kept lately."))
    if late and known.days_late == 1:
        return Words.of(N_("{amount} is late since yesterday."), amount=late)
    if late:
        return Words.of(N_("{amount} is late, the oldest of it for {days} days."), amount=late, days=known.days_late)
    return _waiting(known.waiting_days)


def reasons(known: Known, parts: Mapping[Factor, int], weights: Weights) -> list[Reason]:
    """What each factor says of it, and what it multiplies by at these weights."""
    says = {
        Factor.AMOUNT: _amount(known),
        Factor.LATENESS: _lateness(known),
        Factor.CHANCE: _chance(known),
        Factor.PROMISE: _promise(known),
        Factor.DEADLINE: _days_left(known),
    }
    return [
        Reason(FACTOR_NAMES[which], says[which], _rounded(times(parts[which], weights.of(which))), weights.of(which))
        for which in Factor
    ]


def together(parts: Mapping[Factor, int], weights: Weights) -> Decimal:
    """All factors multiplied, rounded to a tenth."""
    product = 1.0
    for which in Factor:
        product *= times(parts[which], weights.of(which))
    return _rounded(product)


def _rounded(number: float) -> Decimal:
    return Decimal(number).quantize(TENTH)


def _deadline(due_on: date, day: date) -> Words:
    left = (due_on - day).days
    if left < 0:
        return Words.of(N_("The last day for it was {day}."), day=due_on)
    if left == 0:
        return Words.of(N_("Today is the last day for it."))
    if left == 1:
        return Words.of(N_("Tomorrow is the last day for it."))
    return Words.of(N_("{days} days are left: {day} is the last one."), days=left, day=due_on)


def _waiting(days: int) -> Words:
    if days == 0:
        return Words.of(N_("New today."))
    return Words.of(N_("Waits since yesterday.")) if days == 1 else Words.of(N_("Waits for {days} days."), days=days)


def _amount(known: Known) -> Words:
    if known.amount_minor is None or known.currency is None:
        return Words.of(N_("It has no amount: it counts like a usual one."))
    amount = Money(known.amount_minor, known.currency)
    if not known.usual_minor:
        return Words.of(N_("{amount}, with nothing to compare it with yet."), amount=amount)
    usual = Money(known.usual_minor, known.currency)
    return Words.of(N_("{amount}; {usual} is usual."), amount=amount, usual=usual)


def _lateness(known: Known) -> Words:
    if known.days_late == 1:
        return Words.of(N_("The oldest open invoice is 1 day late."))
    if known.days_late:
        return Words.of(N_("The oldest open invoice is {days} days late."), days=known.days_late)
    if known.waiting_days:
        return Words.of(N_("Nothing is late on the account. {waiting}"), waiting=_waiting(known.waiting_days))
    return Words.of(N_("Nothing is late, and it is new."))


def _chance(known: Known) -> Words:
    if known.paid_percent is None:
        return Words.of(N_("It belongs to no account."))
    return Words.of(
        N_("Of what was to be paid within a year, about {percent} in 100 was; who is new counts as 50."),
        percent=known.paid_percent,
    )


def _promise(known: Known) -> Words:
    if known.broken and known.is_promised:
        return Words.of(N_("Not kept in the last 90 days: {count}. Another promise runs."), count=known.broken)
    if known.broken:
        return Words.of(N_("Not kept in the last 90 days: {count}."), count=known.broken)
    if known.is_promised:
        return Words.of(N_("A promise runs: wait for it."))
    return Words.of(N_("None that matters here."))


def _days_left(known: Known) -> Words:
    if known.days_left is None or known.due_on is None:
        return Words.of(N_("None."))
    return Words.of(N_("{day} is the last day."), day=known.due_on)
