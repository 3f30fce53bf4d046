"""Cards: what a partner takes, by a debt's age and size and whether it was placed before; from values alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from domain.policies.problems import Problem
from domain.shared.errors import N_
from domain.shared.money import Money

WHOLE = 10_000
"""A hundred per cent, in basis points."""
MOST_RATES = 20
FINEST = Decimal("0.01")


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`percent` of what is collected, for debts at least `late_days` late when they are sent.

    Only for debts of less than `below_minor` where that is given, and with `again` only for what was placed before.
    """

    percent: Decimal
    late_days: int = 0
    below_minor: int | None = None
    again: bool = False


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All rates of a partner, and the tax on its commission, in per cent; amounts are in `currency`.

    `legal_percent` comes on top once a debt goes to court.
    """

    currency: str
    rates: tuple[Rate, ...]
    legal_percent: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Commission:
    """What a partner takes of one collection, and the tax on that."""

    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """Both together."""
        return self.net + self.tax


def stored(card: Card) -> dict[str, Any]:
    """A card as a JSON column keeps it."""
    plain: dict[str, Any] = msgspec.to_builtins(card)
    return plain


def card_of(plain: dict[str, Any]) -> Card:
    """A card again; msgspec.ValidationError where `stored` did not write it."""
    return msgspec.convert(plain, Card, strict=False)


def rate_bp(card: Card, total: Money, late_days: int, *, again: bool) -> int:
    """The commission on a debt, in basis points: the highest of the rates that hold for it.

    Every card has a row that holds for all; one for small debts holds in the card's currency alone.
    """
    return int(max(rate.percent for rate in card.rates if _holds(rate, card.currency, total, late_days, again)) * 100)


def commission(collected: Money, bp: int, tax_percent: Decimal) -> Commission:
    """What a partner takes of what it collected: each rounded once, half a minor unit away from zero."""
    net = Money(_rounded(Decimal(collected.minor) * bp / WHOLE), collected.currency)
    return Commission(net, Money(_rounded(Decimal(net.minor) * tax_percent / 100), collected.currency))


def problems(card: Card) -> Iterator[Problem]:
    """What cannot stand on a card, beside its field (`rate-0-percent`, …)."""
    if not card.rates:
        yield Problem("rates", N_("Enter at least one row."))
    if len(card.rates) > MOST_RATES:
        yield Problem("rates", N_("Enter at most {most} rows."), {"most": MOST_RATES})
    for index, rate in enumerate(card.rates):
        yield from _percent_problems(f"rate-{index}-percent", rate.percent)
        if not 0 <= rate.late_days <= 3650:
            bounds = {"least": 0, "most": 3650}
            yield Problem(f"rate-{index}-late_days", N_("Enter a number from {least} to {most}."), bounds)
        if rate.below_minor is not None and rate.below_minor <= 0:
            yield Problem(f"rate-{index}-below_minor", N_("Enter an amount above zero, or leave it empty."))
    if card.rates and all(rate.late_days or rate.below_minor is not None or rate.again for rate in card.rates):
        yield Problem("rates", N_("One row has to hold for every debt: without days, without a size, placed or not."))
    yield from _percent_problems("legal_percent", card.legal_percent)
    yield from _percent_problems("tax_percent", card.tax_percent)


def _holds(rate: Rate, currency: str, total: Money, late_days: int, again: bool) -> bool:
    is_small = rate.below_minor is None or (total.currency == currency and total.minor < rate.below_minor)
    return late_days >= rate.late_days and is_small and (again or not rate.again)


def _percent_problems(field: str, percent: Decimal) -> Iterator[Problem]:
    if not percent.is_finite() or not 0 <= percent <= 100:
        yield Problem(field, N_("Enter a number from {least} to {most}."), {"least": 0, "most": 100})
    elif percent % FINEST:
        yield Problem(field, N_("Use at most two digits after the point."))


def _rounded(minor: Decimal) -> int:
    return int(minor.quantize(Decimal(1), ROUND_HALF_UP))
