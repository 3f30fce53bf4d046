"""Policy values: decimals and amounts as they are typed in the forms of policies."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from domain.policies.problems import Bounds
from domain.shared.errors import N_
from domain.shared.money import Money
from web.amounts import typed_amount
from web.forms import Form
from web.localisation import Localisation

LONGEST = 40
PLACES = 4


def decimal(form: Form, name: str, bounds: Bounds | None) -> Decimal:
    """A number with at most four decimals, typed the local way, within bounds where there are some."""
    typed = form.value(name).strip()[:LONGEST].replace(form.speaking.formats.decimal_symbol, ".").replace(",", ".")
    try:
        value = Decimal(typed)
    except InvalidOperation:
        form.refuse(name, N_("Enter a number, such as {example}."), example=Decimal("8.25"))
        return Decimal(0)
    if not value.is_finite() or value != round(value, PLACES):
        form.refuse(name, N_("Enter a number, such as {example}."), example=Decimal("8.25"))
        return Decimal(0)
    if bounds is not None and not bounds.least <= value <= bounds.most:
        form.refuse(name, N_("Enter a number from {least} to {most}."), least=bounds.least, most=bounds.most)
    return value


def typed_minor(minor: int, currency: str, speaking: Localisation) -> str:
    """An amount as somebody would type it."""
    return typed_amount(Money(minor, currency), speaking.formats.locale)


def decimal_typed(value: Decimal, speaking: Localisation) -> str:
    """A decimal as somebody would type it."""
    return format(value, "f").replace(".", speaking.formats.decimal_symbol)
