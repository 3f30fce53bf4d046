"""Reading: the small things that every object of Stripe's has: our marks, names of others, times, words of failure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from adapters.stripe.errors import words_for

PAYMENT, SETUP, REFUND, ANSWER = "payment", "setup", "refund", "answer"
ACCOUNT, INSTALLATION = "account", "installation"
"""The keys of our own marks in Stripe's metadata."""


class UnknownAnswer(Exception):
    """Stripe answered with something that we do not know how to read: a person has to look."""


def mark(metadata: stripe.StripeObject | None, name: str) -> str | None:
    """One of our own marks; None where it is not there."""
    return None if metadata is None else metadata.to_dict().get(name)


def account_of(metadata: stripe.StripeObject | None) -> int | None:
    """Our account, where the object is marked with it."""
    text = mark(metadata, ACCOUNT) or ""
    return int(text) if text.isascii() and text.isdecimal() else None


def id_of(thing: str | stripe.StripeObject | None) -> str | None:
    """The name of another object, whether it was expanded or not."""
    if thing is None or isinstance(thing, str):
        return thing
    name: str = thing["id"]
    return name


def must_be_there(name: str | None, what: str) -> str:
    """The name of an object without which the answer makes no sense; UnknownAnswer where there is none."""
    if name is None:
        raise UnknownAnswer(f"{what} is missing")
    return name


def instant(seconds: int) -> datetime:
    """A time, of Stripe's seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def failure(error: stripe.StripeObject | None) -> str | None:
    """What the bank said last, as a message id; Stripe leaves out what an error does not have."""
    if error is None:
        return None
    said = error.to_dict()
    return words_for(said.get("decline_code"), said.get("code"))


def failure_code(error: stripe.StripeObject | None) -> str | None:
    """The bank's own word for what went wrong, else Stripe's more general one."""
    if error is None:
        return None
    said: dict[str, Any] = error.to_dict()
    return said.get("decline_code") or said.get("code")


def redirect_of(next_action: stripe.StripeObject | None) -> str | None:
    """Where the payer answers the bank's question."""
    if next_action is None:
        return None
    redirect: dict[str, Any] = next_action.to_dict().get("redirect_to_url") or {}
    return redirect.get("url")


def marks_of(own: Mapping[str, str], installation: str, account_id: int | None) -> dict[str, str]:
    """Metadata that says what an object is to us: `own` names, the installation, and the account where it is known."""
    account = {} if account_id is None else {ACCOUNT: str(account_id)}
    return {**own, INSTALLATION: installation, **account}
