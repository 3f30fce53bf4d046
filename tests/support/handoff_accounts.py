"""What a scripted year of handoffs keeps in its own account, by the words of a card, asking the house for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.shared.money import Money

PENNY = Decimal("0.01")
LEGAL = Decimal(10)
"""What the card of each partner adds once a debt is before a court."""


def rounded(amount: Decimal) -> Decimal:
    """To the penny, halves away from zero."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def typical_rate(late_days: int, total: Decimal, *, again: bool) -> Decimal:
    """The card in words: a quarter; 35 from sixty days on; half from a year on, below 500, or a second time."""
    if late_days >= 365 or total < 500 or again:
        return Decimal(50)
    return Decimal(35) if late_days >= 60 else Decimal(25)


@dataclass
class Account:
    """What the year's own account says of a partner: what it owes us, what is accrued for it, what we owe it."""

    due: Decimal = Decimal(0)
    accrued: Decimal = Decimal(0)
    payable: Decimal = Decimal(0)


@dataclass
class Debt:
    """A placement of the year, at its own idea of the rate."""

    account_id: int
    placement_id: int
    partner_id: int
    percent: Decimal
    filed_on: date | None = None
    told: dict[str, tuple[Decimal, date]] = field(default_factory=dict)

    def fee(self, amount: Decimal, on: date) -> tuple[Decimal, Decimal]:
        """Commission and its tax on what was received on a day."""
        more = LEGAL if self.filed_on is not None and self.filed_on <= on else Decimal(0)
        net = rounded(amount * (self.percent + more) / 100)
        return net, rounded(net / 5)


def pounds_of(amount: Decimal) -> Money:
    """An amount of the year's own account."""
    return Money(int(amount * 100), "GBP")
