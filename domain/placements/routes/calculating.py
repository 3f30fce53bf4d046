"""Calculating: what each route is expected to bring in the end, line by line; from values alone.

Every product is rounded once to the minor unit, halves to the even one; the commission as the card rounds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.placements.cards import WHOLE, commission
from domain.placements.routes.model import Route
from domain.shared.money import Money

NO_TAX = Decimal(0)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one route is reckoned from.

    `percent` of what is then asked for is expected to come, after `days`. `given_percent` of the debt is given up
    before; `rate_bp` of what comes is commission, in hundredths of a per cent. `costs` and `court_fee` are paid
    whatever comes.
    """

    route: Route
    percent: Decimal
    days: int
    costs: Money
    given_percent: Decimal = Decimal(0)
    rate_bp: int = 0
    court_fee: Money | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A route worked out: every line of it, and what is left."""

    inputs: Inputs
    owed: Money
    given_up: Money
    asked: Money
    comes: Money
    commission: Money
    costs: Money
    court_fee: Money
    net: Money

    @property
    def route(self) -> Route:
        """Which route it is."""
        return self.inputs.route


def work_out(owed: Money, inputs: Inputs) -> Worked:
    """What a route is expected to bring of `owed`.

    (owed − given up) × percent − commission − costs − court fee. The tax on a commission is left out: a business has it
    back; so is what the money would have earned meanwhile.
    """
    given_up = owed.times(_share(inputs.given_percent))
    asked = owed - given_up
    comes = asked.times(_share(inputs.percent))
    taken = commission(comes, min(inputs.rate_bp, WHOLE), NO_TAX).net
    fee = inputs.court_fee or Money.zero(owed.currency)
    net = comes - taken - inputs.costs - fee
    return Worked(inputs, owed, given_up, asked, comes, taken, inputs.costs, fee, net)


def ranked(worked: Iterable[Worked]) -> list[Worked]:
    """The best first: what brings the most, of the same what brings it soonest, then in the order of the routes."""
    order = list(Route)
    return sorted(worked, key=lambda each: (-each.net.minor, each.inputs.days, order.index(each.route)))


def _share(percent: Decimal) -> Fraction:
    return Fraction(percent) / 100
