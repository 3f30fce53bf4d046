"""One attempt at a payment intent: the bank agrees, declines, or wants the person to authenticate first."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import bank_debits, charges, events, payment_methods, ways
from adapters.stripe.simulator.cards import NEEDS_AUTHENTICATION, Card, Decline
from adapters.stripe.simulator.errors import ApiError, refused
from adapters.stripe.simulator.refusals import refuse
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_NOT_APPROVED = {
    "card": {
        "code": "payment_intent_authentication_failure",
        "message": "We are unable to authenticate your payment method. Please choose a different payment method and "
        "try again.",
    },
    "paypal": {
        "code": "payment_intent_payment_attempt_failed",
        "message": "The payment was not approved at PayPal. Please choose a different payment method and try again.",
    },
}


def run(world: World, intent: Json, *, off_session: bool = False, stop_at_challenge: bool = False) -> None:
    """Try the intent's payment method; a decline leaves its traces and is raised as Stripe's 402."""
    method = world.find("payment_method", intent["payment_method"])
    if method["type"] in ways.DEBITS:
        bank_debits.start(world, intent, method)
        return
    if method["type"] == "paypal":
        _ask_for_authentication(world, intent, f"{world.public_url}/paypal/{intent['id']}")
        return
    card, is_set_up = payment_methods.card_of(world, method)
    challenged = card.challenge == "always" or (card.challenge == "until_set_up" and not is_set_up)
    if challenged and (off_session or stop_at_challenge):
        raise _decline(world, intent, method, NEEDS_AUTHENTICATION)
    if challenged:
        _ask_for_authentication(world, intent, f"{world.public_url}/3ds/{intent['id']}")
        return
    _finish(world, intent, method, card, authenticated=False)


def authenticate(world: World, intent: Json, *, passed: bool) -> None:
    """The person has answered the bank's question; raises Stripe's 402 if that did not end in a payment."""
    if intent["status"] != "requires_action":
        raise refused(f"This PaymentIntent has a status of {intent['status']}.", code="payment_intent_unexpected_state")
    method = world.find("payment_method", intent["payment_method"])
    intent["next_action"] = None
    if not passed:
        raise refuse(world, intent, method, _NOT_APPROVED[method["type"]])
    if method["type"] == "paypal":
        _succeed(world, intent, method, authenticated=False)
        return
    card, _ = payment_methods.card_of(world, method)
    if intent["setup_future_usage"] == "off_session":
        payment_methods.set_up(world, method)
    _finish(world, intent, method, card, authenticated=True)


def cancel(world: World, intent: Json, reason: str | None) -> None:
    """End an intent for good."""
    intent.update(status="canceled", canceled_at=world.now(), cancellation_reason=reason, next_action=None)
    world.keep(intent)
    events.emit(world, "payment_intent.canceled", intent)


def notes(world: World, intent: Json) -> Json:
    """What the simulator remembers of an intent beside its fields: the Session that made it, the way back."""
    found = world.store.get("intent_notes", intent["id"])
    return found if found is not None else {"session": None, "return_url": None}


def note_return_url(world: World, intent: Json, return_url: str | None) -> None:
    """Remember where the person goes after authenticating."""
    world.store.put("intent_notes", intent["id"], notes(world, intent) | {"return_url": return_url})


def way_back(world: World, intent: Json, params: Json) -> str | None:
    """Where the person goes after a redirect: as just given, or as remembered."""
    address: str | None = params.get("return_url") or notes(world, intent)["return_url"]
    return address


def check_way_back(world: World, intent: Json, params: Json) -> None:
    """Refuse to confirm what may redirect the person without a way back."""
    automatic = intent["automatic_payment_methods"]
    redirects = automatic["allow_redirects"] == "always" and intent["allowed_payment_method_types"] is None
    if redirects and way_back(world, intent, params) is None:
        what = "SetupIntent" if intent["object"] == "setup_intent" else "PaymentIntent"
        message = (
            f"This {what} is configured to accept payment methods enabled in your Dashboard. Because some of "
            "these payment methods might redirect your customer off of your page, you must provide a `return_url`. If "
            "you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
            "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
            "Payment Intents."
        )
        raise refused(message, param="return_url")


def _finish(world: World, intent: Json, method: Json, card: Card, *, authenticated: bool) -> None:
    refusal = payment_methods.refusal_of(world, method, card)
    if refusal is not None:
        raise _decline(world, intent, method, refusal)
    _succeed(world, intent, method, authenticated=authenticated)


def _succeed(world: World, intent: Json, method: Json, *, authenticated: bool) -> None:
    charge = charges.make(world, intent, method, authenticated=authenticated)
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
        next_action=None,
    )
    world.keep(intent)
    if intent["setup_future_usage"] is not None and intent["customer"] is not None:
        payment_methods.save_for(world, method, intent["customer"])
    events.emit(world, "payment_intent.succeeded", intent)


def _ask_for_authentication(world: World, intent: Json, page: str) -> None:
    return_url = notes(world, intent)["return_url"]
    if return_url is not None:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": page}}
    else:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page}}
    intent.update(status="requires_action", next_action=action)
    world.keep(intent)
    events.emit(world, "payment_intent.requires_action", intent)


def _decline(world: World, intent: Json, method: Json, decline: Decline) -> ApiError:
    charge = charges.make(world, intent, method, state="failed", decline=decline)
    intent["latest_charge"] = charge["id"]
    error = {
        "advice_code": decline.advice,
        "charge": charge["id"],
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
    }
    return refuse(world, intent, method, error)
