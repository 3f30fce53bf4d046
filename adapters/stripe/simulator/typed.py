"""What a person types on the pages: a card, checked before anything is tried with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from adapters.stripe.simulator.cards import digits_of, passes_luhn
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_EXPIRY = re.compile(r"\s*(0?[1-9]|1[0-2])\s*[/ -]?\s*(?:20)?([0-9]{2})\s*\Z")


@dataclass(frozen=True)
class TypedCard:
    """The fields of the page, as typed."""

    number: str
    expiry: str
    cvc: str
    name: str
    email: str = ""


class FormRefused(Exception):
    """What was typed cannot be a card: messages by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


def email_of(world: World, session: Json) -> str | None:
    """The address that the person need not type: the Session's, or its customer's."""
    known: str | None = session["customer_email"]
    if known is None and session["customer"] is not None:
        known = (world.store.get("customer", session["customer"]) or {}).get("email")
    return known


def expiry_of(world: World, session: Json, typed: TypedCard) -> tuple[int, int]:
    """The month and the year of expiry, if all that was typed can be a card; otherwise FormRefused."""
    errors: dict[str, str] = {}
    digits = digits_of(typed.number)
    if not digits.isascii() or not digits.isdigit() or not 13 <= len(digits) <= 19 or not passes_luhn(digits):
        errors["number"] = "Your card number is invalid."
    expiry = _EXPIRY.match(typed.expiry)
    month, year = (int(expiry[1]), 2000 + int(expiry[2])) if expiry else (0, 0)
    today = world.clock.now()
    if expiry is None:
        errors["expiry"] = "Your card's expiration date is incomplete. Type it as MM / YY."
    elif (year, month) < (today.year, today.month):
        errors["expiry"] = "Your card's expiration date is in the past."
    if not re.fullmatch(r"[0-9]{3,4}", typed.cvc.strip()):
        errors["cvc"] = "Your card's security code is incomplete."
    if not typed.name.strip():
        errors["name"] = "Type the name on the card."
    if email_of(world, session) is None and "@" not in typed.email:
        errors["email"] = "Your email is incomplete."
    if errors:
        raise FormRefused(errors)
    return month, year
