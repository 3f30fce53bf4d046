"""Money: whole minor units of one ISO 4217 currency, and the only ways to add, share and round it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Self

from babel.core import get_global

LARGEST_MINOR = 9_000_000_000_000_000
"""No single amount may pass this: it leaves room for a thousand of them in a 64-bit sum."""


ISO_PLACES = {
    **dict.fromkeys(("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"), 2),
    "IQD": 3,
}
"""Where CLDR says how many places are in use and ISO 4217 (list one, of 2024-06-25) says more."""


class CurrencyMismatch(ValueError):
    """Two currencies met in one calculation: always a programming error."""


@cache
def minor_digits(currency: str) -> int:
    """How many decimal places `currency` has in ISO 4217 (GBP 2, JPY 0, BHD 3).

    Source: CLDR, put right where it gives the places that people use instead of those of the standard.
    """
    if currency in ISO_PLACES:
        return ISO_PLACES[currency]
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


@cache
def is_currency(code: str) -> bool:
    """Whether `code` is a currency of ISO 4217 that is in use or was once."""
    return len(code) == 3 and code.isascii() and code.isupper() and code in get_global("all_currencies")


def half_even(value: Fraction | Decimal) -> int:
    """Round to a whole number, halves to the even one: the house's only rounding, done once, at the end."""
    return round(value if isinstance(value, Fraction) else Fraction(value))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (pence, cents) of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in `currency`."""
        return cls(0, currency)

    @classmethod
    def of(cls, amount: str | Decimal, currency: str) -> Self:
        """Read a decimal such as "12.50"; ValueError when it has more places than the currency or is no number."""
        try:
            scaled = Decimal(amount).scaleb(minor_digits(currency))
        except InvalidOperation as problem:
            raise ValueError(f"{amount!r} is not an amount") from problem
        if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > LARGEST_MINOR:
            raise ValueError(f"{amount!r} is not a whole number of minor units of {currency}")
        return cls(int(scaled), currency)

    @classmethod
    def sum(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add up amounts that are all in `currency` (zero for none)."""
        total = cls.zero(currency)
        for amount in amounts:
            total = total + amount
        return total

    @property
    def decimal(self) -> Decimal:
        """The amount in major units with the currency's own number of places."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def times(self, factor: Decimal | Fraction | int) -> Money:
        """Multiply by an exact factor and round once, half to even."""
        return Money(half_even(Fraction(self.minor) * Fraction(factor)), self.currency)

    def split(self, parts: int) -> list[Money]:
        """Equal parts that add up: floored, and the first ones get the odd units (15 over 10 is five 2s, five 1s)."""
        if self.minor < 0:
            raise ValueError("a negative amount is not split")
        if parts < 1:
            raise ValueError("there must be at least one part")
        share, odd = divmod(self.minor, parts)
        return [Money(share + (index < odd), self.currency) for index in range(parts)]

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money and {type(other).__name__} do not mix")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.minor
