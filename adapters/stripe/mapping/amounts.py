"""Amounts: in Stripe's own minor units, and back."""

from __future__ import annotations

from adapters.stripe.mapping.reading import UnknownAnswer
from domain.payments.processor import ProcessorRefused
from domain.shared.errors import N_
from domain.shared.money import Money, minor_digits

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Source: docs.stripe.com/currencies. All others, ISK and UGX among them, have two places at Stripe."""


def stripe_digits(currency: str) -> int:
    """How many decimal places Stripe gives `currency`, which differs from ISO 4217 in places."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_stripe(amount: Money) -> int:
    """The amount in Stripe's minor units; ProcessorRefused where Stripe cannot express it."""
    units, odd = _rescaled(amount.minor, minor_digits(amount.currency), stripe_digits(amount.currency))
    if odd or (amount.currency in THREE_DECIMAL and units % 10):
        raise ProcessorRefused(N_("{amount} cannot be paid by card: its last digits would be lost."), amount=amount)
    return units


def from_stripe(units: int, currency: str) -> Money:
    """An amount of Stripe's in our minor units; UnknownAnswer where it is not a whole number of them."""
    code = currency.upper()
    minor, odd = _rescaled(units, stripe_digits(code), minor_digits(code))
    if odd:
        raise UnknownAnswer(f"{units} is not a whole number of minor units of {code}")
    return Money(minor, code)


def _rescaled(units: int, digits: int, wanted: int) -> tuple[int, int]:
    """The same amount with `wanted` decimal places in place of `digits`, and what would be cut off."""
    more, fewer = max(wanted - digits, 0), max(digits - wanted, 0)
    return divmod(units * int(10**more), int(10**fewer))
