"""Ways to pay: which types of payment methods the simulated account takes, by currency, as its dashboard would say."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator.errors import bad_parameter

Json = dict[str, Any]
DEBITS = {"bacs_debit": "gbp", "sepa_debit": "eur", "us_bank_account": "usd"}
"""The bank debits, each with its one currency."""
NAME = "allowed_payment_method_types"
_KNOWN = ("card", *DEBITS, "paypal")
SAVEABLE = ("card", *DEBITS)
"""What can be saved for later."""


def taken(params: Json, currency: str | None, *, to_save: bool = False) -> list[str]:
    """The types for a currency (any, if None), or those of them that were asked for; anything else is refused."""
    known = SAVEABLE if to_save else _KNOWN
    asked = params.get(NAME)
    if asked is None:
        return [way for way in known if currency is None or DEBITS.get(way, currency) == currency]
    for way in asked:
        if way not in known:
            raise bad_parameter(f"The simulator does not take payment methods of the type '{way}' here.", NAME)
        if currency is not None and DEBITS.get(way, currency) != currency:
            message = (
                f"The currency provided ({currency}) is invalid for one or more of the payment method types in this "
                f"request: {way}. Supported currencies: {DEBITS[way]}"
            )
            raise bad_parameter(message, NAME)
    return list(asked)


def check_fits(method: Json, types: list[str], what: str) -> None:
    """Refuse a payment method of a type that an intent does not take."""
    if method["type"] not in types:
        message = (
            f"The PaymentMethod provided ({method['type']}) is not allowed for this {what}. Please attach a "
            f"PaymentMethod of one of the following types: {', '.join(types)}."
        )
        raise bad_parameter(message, "payment_method")
