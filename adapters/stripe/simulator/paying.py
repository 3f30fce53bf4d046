"""What a person does on the simulator's pages: types a card, is declined, authenticates, is sent back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from adapters.stripe.simulator import attempts, events, payment_intents, payment_methods
from adapters.stripe.simulator.cards import card_of, digits_of, passes_luhn
from adapters.stripe.simulator.errors import ApiError
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
class Outcome:
    """Where it led: paid, declined (with the bank's words), a question of the bank, or a Session that is over.

    `address` is where the browser goes next; empty where the page is shown again.
    """

    state: Literal["paid", "declined", "authenticate", "over"]
    address: str = ""
    message: str = ""


class FormRefused(Exception):
    """What was typed cannot be a card: messages by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


def pay(world: World, session: Json, typed: TypedCard) -> Outcome:
    """Try to pay an open Session with the card typed; declined, it stays open."""
    if session["status"] != "open":
        return _over(session)
    month, year = _check(world, session, typed)
    card = card_of(digits_of(typed.number))
    method = payment_methods.make(
        world, card, month=month, year=year, name=typed.name, email=email_of(world, session) or typed.email
    )
    intent = _intent(world, session)
    intent.update(payment_method=method["id"], status="requires_confirmation")
    try:
        attempts.run(world, intent)
    except ApiError as declined:
        return Outcome("declined", message=str(declined))
    if intent["status"] == "requires_action":
        return Outcome("authenticate", f"{world.public_url}/3ds/{intent['id']}")
    return _complete(world, session, method)


def answer_challenge(world: World, intent: Json, *, passed: bool) -> Outcome:
    """The person has passed the bank's question, or failed it; back to where the payment was started."""
    notes = attempts.notes(world, intent)
    session = world.find("checkout.session", notes["session"]) if notes["session"] else None
    if session is not None and session["status"] != "open":
        return _over(session)
    method = intent["payment_method"]
    try:
        attempts.authenticate(world, intent, passed=passed)
    except ApiError as refusal:
        back = _page_of(world, session) if session is not None else _return_address(intent, notes, "failed")
        return Outcome("declined", back, str(refusal))
    if session is not None:
        return _complete(world, session, world.find("payment_method", method))
    return Outcome("paid", _return_address(intent, notes, "succeeded"))


def email_of(world: World, session: Json) -> str | None:
    """The address that the person need not type: the Session's, or its customer's."""
    known: str | None = session["customer_email"]
    if known is None and session["customer"] is not None:
        known = (world.store.get("customer", session["customer"]) or {}).get("email")
    return known


def success_address(session: Json) -> str:
    """Where a paid Session sends the person."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _intent(world: World, session: Json) -> Json:
    """The payment intent of the Session, made at the first attempt and used for all."""
    if session["payment_intent"] is not None:
        return world.find("payment_intent", session["payment_intent"])
    params = {
        "amount": session["amount_total"],
        "currency": session["currency"],
        **(world.store.get("intent_data", session["id"]) or {}),
    }
    if session["customer"] is not None:
        params["customer"] = session["customer"]
    intent = payment_intents.build(world, params, made_by_session=session["id"])
    world.keep(intent)
    session["payment_intent"] = intent["id"]
    world.keep(session)
    events.emit(world, "payment_intent.created", intent)
    return intent


def _complete(world: World, session: Json, method: Json) -> Outcome:
    typed = method["billing_details"]
    session.update(
        status="complete",
        payment_status="paid",
        url=None,
        customer_details={
            "address": dict(payment_methods.EMPTY_ADDRESS),
            "business_name": None,
            "email": typed["email"],
            "individual_name": None,
            "name": typed["name"],
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    )
    world.keep(session)
    events.emit(world, "checkout.session.completed", session)
    return Outcome("paid", success_address(session))


def _over(session: Json) -> Outcome:
    paid = session["status"] == "complete"
    return Outcome("paid", success_address(session)) if paid else Outcome("over")


def _page_of(world: World, session: Json) -> str:
    return f"{world.public_url}/c/pay/{session['id']}?again=1"


def _return_address(intent: Json, notes: Json, status: str) -> str:
    address = str(notes["return_url"] or "")
    if not address:
        return ""
    extra = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": status,
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(extra)}"


def _check(world: World, session: Json, typed: TypedCard) -> tuple[int, int]:
    """The month and the year of expiry, if all that was typed can be a card."""
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
