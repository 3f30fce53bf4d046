"""What a person types on the pages: a card or a bank account, checked before anything is tried with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from adapters.stripe.simulator.bank_accounts import ACCOUNTS, Account
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


@dataclass(frozen=True)
class TypedAccount:
    """The fields of the page for bank debits, as typed; `routing` is a sort code or a routing number, if any."""

    number: str
    name: str
    routing: str = ""
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
    errors |= _person_errors(world, session, typed.name, typed.email, "Type the name on the card.")
    if errors:
        raise FormRefused(errors)
    return month, year


def account_of(world: World, session: Json, typed: TypedAccount, way: str) -> Account:
    """The test account that was typed for a bank debit; otherwise FormRefused."""
    number = "".join(typed.number.split()).replace("-", "").upper()
    account = ACCOUNTS.get(number)
    errors = _person_errors(world, session, typed.name, typed.email, "Type the name of the account's holder.")
    if account is None or account.type != way:
        errors["number"] = "Type one of Stripe's test accounts: no real account is debited here."
    elif "".join(typed.routing.split()).replace("-", "") != account.routing:
        errors["routing"] = f"For test accounts this is {account.routing}."
    if errors or account is None:
        raise FormRefused(errors)
    return account


def check_email(world: World, session: Json, email: str) -> None:
    """FormRefused unless the person's email is known or was typed."""
    errors = _person_errors(world, session, "-", email, "")
    if errors:
        raise FormRefused(errors)


def _person_errors(world: World, session: Json, name: str, email: str, no_name: str) -> dict[str, str]:
    errors = {} if name.strip() else {"name": no_name}
    if email_of(world, session) is None and "@" not in email:
        errors["email"] = "Your email is incomplete."
    return errors
