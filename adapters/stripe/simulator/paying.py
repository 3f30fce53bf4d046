"""What a person does on the simulator's pages: types a card, is declined, authenticates, is sent back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from adapters.stripe.simulator import attempts, events, method_making, payment_intents, setups
from adapters.stripe.simulator.cards import card_of, digits_of
from adapters.stripe.simulator.errors import ApiError
from adapters.stripe.simulator.typed import TypedAccount, TypedCard, account_of, check_email, email_of, expiry_of
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Where it led: paid (a bank debit: handed in), declined (with the bank's words), a question, or a Session over.

    `address` is where the browser goes next; empty where the page is shown again.
    """

    state: Literal["paid", "declined", "authenticate", "over"]
    address: str = ""
    message: str = ""


def pay(world: World, session: Json, typed: TypedCard) -> Outcome:
    """Try to pay an open Session, or to save, with the card typed; declined, it stays open."""
    month, year = expiry_of(world, session, typed)
    card = card_of(digits_of(typed.number))
    email = email_of(world, session) or typed.email
    return use(world, session, method_making.of_card(world, card, month=month, year=year, name=typed.name, email=email))


def pay_by_wallet(world: World, session: Json, wallet: str, email: str) -> Outcome:
    """Pay an open Session, or save, with the card in a wallet: it works, and needs no typing."""
    check_email(world, session, email)
    known = email_of(world, session) or email
    year = world.clock.now().year + 3
    card = card_of("4242424242424242")
    method = method_making.of_card(world, card, month=12, year=year, name="Wallet", email=known, wallet=wallet)
    return use(world, session, method)


def pay_by_debit(world: World, session: Json, typed: TypedAccount, way: str) -> Outcome:
    """Allow an open Session to debit a bank account, now or later; the bank answers days later."""
    account = account_of(world, session, typed, way)
    email = email_of(world, session) or typed.email
    return use(world, session, method_making.of_account(world, account, name=typed.name, email=email))


def pay_by_paypal(world: World, session: Json, email: str) -> Outcome:
    """Go to PayPal's page to approve the payment of an open Session."""
    check_email(world, session, email)
    known = email_of(world, session) or email
    return use(world, session, method_making.of_paypal(world, name="PayPal Payer", email=known))


def use(world: World, session: Json, method: Json) -> Outcome:
    """Try to pay an open Session, or to save, with a payment method of a type that it takes."""
    if session["status"] != "open":
        return _over(session)
    if method["type"] not in session["payment_method_types"]:
        raise ValueError(f"The Session {session['id']} takes no payment method of the type {method['type']}.")
    intent = _intent(world, session)
    intent.update(payment_method=method["id"], status="requires_confirmation")
    try:
        _attempt(world, intent)
    except ApiError as declined:
        return Outcome("declined", message=str(declined))
    if intent["status"] == "requires_action":
        page = "paypal" if method["type"] == "paypal" else "3ds"
        return Outcome("authenticate", f"{world.public_url}/{page}/{intent['id']}")
    return _complete(world, session, intent, method)


def answer_challenge(world: World, intent: Json, *, passed: bool) -> Outcome:
    """The person has passed the bank's question, or failed it; back to where the intent was started."""
    notes = attempts.notes(world, intent)
    session = world.find("checkout.session", notes["session"]) if notes["session"] else None
    if session is not None and session["status"] != "open":
        return _over(session)
    method = intent["payment_method"]
    try:
        _authenticate(world, intent, passed=passed)
    except ApiError as refusal:
        back = _page_of(world, session) if session is not None else _return_address(intent, notes, "failed")
        return Outcome("declined", back, str(refusal))
    if session is not None:
        return _complete(world, session, intent, world.find("payment_method", method))
    return Outcome("paid", _return_address(intent, notes, "succeeded"))


def intent_at(world: World, address: str) -> Json:
    """The intent, to pay or to save, whose id is given, alone or at the end of a page's address."""
    key = address.rpartition("/")[2]
    return world.find("setup_intent" if key.startswith("seti_") else "payment_intent", key)


def success_address(session: Json) -> str:
    """Where a paid Session sends the person."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _attempt(world: World, intent: Json) -> None:
    if intent["object"] == "setup_intent":
        setups.run(world, intent)
    else:
        attempts.run(world, intent)


def _authenticate(world: World, intent: Json, *, passed: bool) -> None:
    if intent["object"] == "setup_intent":
        setups.authenticate(world, intent, passed=passed)
    else:
        attempts.authenticate(world, intent, passed=passed)


def _intent(world: World, session: Json) -> Json:
    """The intent of the Session; one to pay is made at the first attempt and used for all."""
    if session["setup_intent"] is not None:
        return world.find("setup_intent", session["setup_intent"])
    if session["payment_intent"] is not None:
        return world.find("payment_intent", session["payment_intent"])
    params = {
        "amount": session["amount_total"],
        "currency": session["currency"],
        "allowed_payment_method_types": session["payment_method_types"],
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


def _complete(world: World, session: Json, intent: Json, method: Json) -> Outcome:
    typed = method["billing_details"]
    if intent["status"] == "succeeded" and session["mode"] == "payment":
        session["payment_status"] = "paid"
    session.update(
        status="complete",
        url=None,
        customer_details={
            "address": dict(method_making.EMPTY_ADDRESS),
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
    kind = intent["object"]
    extra = {kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(extra)}"
