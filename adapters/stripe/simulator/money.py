"""Amounts that Stripe accepts: known currencies, least and greatest charges in minor units.

Source: docs.stripe.com/currencies (minimum and maximum charge amounts).
"""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from adapters.stripe.simulator.errors import bad_parameter, refused

_LEAST = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
_GREATEST = 99_999_999


def check_currency(currency: str) -> None:
    """Refuse a currency that is not known."""
    if currency not in _LEAST:
        known = ", ".join(sorted(_LEAST))
        raise bad_parameter(f"Invalid currency: {currency}. The simulator supports these: {known}", "currency")


def check(amount: int, currency: str, *, what: str = "Amount", param: str = "amount") -> None:
    """Refuse an amount that Stripe would refuse, in its words."""
    check_currency(currency)
    if amount < _LEAST[currency]:
        least = f"{spoken(_LEAST[currency], currency)} {currency}"
        raise refused(f"{what} must be at least {least}", code="amount_too_small", param=param)
    if amount > _GREATEST:
        greatest = f"{spoken(_GREATEST, currency)} {currency}"
        raise refused(f"{what} must be no more than {greatest}", code="amount_too_large", param=param)


def spoken(amount: int, currency: str) -> str:
    """An amount in minor units as Stripe writes it in English: `$1,234.50`."""
    code = currency.upper()
    value = Decimal(amount).scaleb(-get_currency_precision(code))
    return str(format_currency(value, code, locale="en_US"))
