"""Brackets: how much of a debt may be given up by its age and size, and what an offer goes beyond; pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from domain.policies.sections import Bracket, Settlements
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words


def bracket_of(section: Settlements | None, total: Money, late_days: int, *, currency: str) -> Bracket | None:
    """The bracket that gives most to a debt of `total` whose youngest part is so many days late; None: nothing.

    The sizes of brackets are in `currency`, the business's; in another one only those for debts of any size hold.
    """
    if section is None:
        return None
    fits = [
        each
        for each in section.brackets
        if late_days >= each.late_days
        and (each.below_minor is None or (total.currency == currency and total.minor < each.below_minor))
    ]
    return max(fits, key=lambda each: (each.most_percent, each.most_parts), default=None)


def least(total: Money, percent: int) -> Money:
    """The least that has to be paid of `total` where at most `percent` per cent is given up; rounded up."""
    return total - Money(total.minor * percent // 100, total.currency)


def percent_given_up(total: Money, amount: Money) -> int:
    """How many per cent of `total` are given up where `amount` is paid, rounded up to whole ones."""
    given = Fraction((total - amount).minor * 100, total.minor)
    return -(-given.numerator // given.denominator)


def beyond(bracket: Bracket | None, total: Money, amount: Money, parts: int) -> Sequence[Words]:
    """All that puts an offer beyond what the bracket of its debt allows, in words for staff; nothing inside it."""
    if bracket is None:
        return [Words.of(N_("The terms have no settlement for a debt of this age and size."))]
    found = []
    lowest = least(total, bracket.most_percent)
    if amount < lowest:
        found.append(Words.of(N_("The terms ask for at least {least} here."), least=lowest))
    if parts > bracket.most_parts:
        found.append(Words.of(N_("The terms allow at most {most} monthly parts here."), most=bracket.most_parts))
    return found
