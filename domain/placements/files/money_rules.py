"""Money rules: whether an amount is one that its currency has."""

from __future__ import annotations

from decimal import Decimal

from domain.placements.files.flaws import Flaws
from domain.shared.money import Money, minor_digits


def fits(amount: Decimal, currency: str, place: str, name: str, flaws: Flaws) -> bool:
    """Whether an amount has no more places than its currency, and is one that anybody owes."""
    try:
        Money.of(amount, currency)
    except ValueError:
        places = minor_digits(currency)
        todo = f"{currency} has {places} digits after the point." if places else f"{currency} has no point."
        flaws.add(place, name, f"{amount:f} is no amount of {currency}.", todo)
        return False
    return True
