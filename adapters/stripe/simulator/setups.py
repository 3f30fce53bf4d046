"""One attempt at saving a payment method: the bank agrees, declines, or wants the person to authenticate first."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import events, mandates, payment_methods, ways
from adapters.stripe.simulator.cards import Decline
from adapters.stripe.simulator.errors import ApiError, refused
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_FAILED_AUTHENTICATION = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)


def run(world: World, setup: Json) -> None:
    """Try to save the setup intent's payment method; a refusal leaves its traces and is raised as Stripe's error."""
    method = world.find("payment_method", setup["payment_method"])
    if method["type"] != "card":
        _finish(world, setup, method)
        return
    card, is_set_up = payment_methods.card_of(world, method)
    refusal = payment_methods.refusal_of(world, method, card)
    if card.challenge != "never" and not is_set_up:
        _ask_for_authentication(world, setup)
        return
    if refusal is not None and not card.can_be_saved:
        raise _decline(world, setup, method, refusal)
    _finish(world, setup, method)


def authenticate(world: World, setup: Json, *, passed: bool) -> None:
    """The person has answered the bank's question; raises Stripe's error if nothing was saved."""
    if setup["status"] != "requires_action":
        raise refused(f"This SetupIntent has a status of {setup['status']}.", code="setup_intent_unexpected_state")
    method = world.find("payment_method", setup["payment_method"])
    if not passed:
        error = {"code": "setup_intent_authentication_failure", "message": _FAILED_AUTHENTICATION}
        raise _refuse(world, setup, method, error, kind="invalid_request_error")
    card, _ = payment_methods.card_of(world, method)
    refusal = payment_methods.refusal_of(world, method, card)
    if refusal is not None and not card.can_be_saved:
        raise _decline(world, setup, method, refusal)
    _finish(world, setup, method)


def cancel(world: World, setup: Json, reason: str | None) -> None:
    """End a setup intent for good."""
    setup.update(status="canceled", cancellation_reason=reason, next_action=None)
    world.keep(setup)
    events.emit(world, "setup_intent.canceled", setup)


def _finish(world: World, setup: Json, method: Json) -> None:
    payment_methods.set_up(world, method)
    if method["type"] in ways.DEBITS:
        setup["mandate"] = mandates.of(world, method)["id"]
    setup.update(status="succeeded", next_action=None, last_setup_error=None)
    world.keep(setup)
    if setup["customer"] is not None:
        payment_methods.save_for(world, method, setup["customer"])
    events.emit(world, "setup_intent.succeeded", setup)


def _ask_for_authentication(world: World, setup: Json) -> None:
    page = f"{world.public_url}/3ds/{setup['id']}"
    return_url = (world.store.get("intent_notes", setup["id"]) or {}).get("return_url")
    if return_url is not None:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": page}}
    else:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page}}
    setup.update(status="requires_action", next_action=action)
    world.keep(setup)
    events.emit(world, "setup_intent.requires_action", setup)


def _decline(world: World, setup: Json, method: Json, decline: Decline) -> ApiError:
    error = {
        "advice_code": decline.advice,
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
    }
    return _refuse(world, setup, method, error, kind="card_error")


def _refuse(world: World, setup: Json, method: Json, error: Json, *, kind: str) -> ApiError:
    doc_url = f"https://stripe.com/docs/error-codes/{error['code'].replace('_', '-')}"
    setup["last_setup_error"] = error | {"doc_url": doc_url, "payment_method": dict(method), "type": kind}
    setup.update(status="requires_payment_method", payment_method=None, next_action=None)
    world.keep(setup)
    events.emit(world, "setup_intent.setup_failed", setup)
    said = {name: value for name, value in error.items() if name not in ("message", "code")}
    return ApiError(
        402,
        error["message"],
        kind=kind,
        code=error["code"],
        setup_intent=dict(setup),
        payment_method=dict(method),
        **said,
    )
