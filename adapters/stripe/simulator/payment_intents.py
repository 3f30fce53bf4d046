"""Payment intents through the API: created, confirmed, cancelled, read and listed."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import attempts, events, listing, method_making, money, payment_methods, ways
from adapters.stripe.simulator.errors import ApiError, bad_parameter
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset(
    {
        "allowed_payment_method_types", "amount", "automatic_payment_methods", "confirm", "currency", "customer",
        "description", "error_on_requires_action", "expand", "metadata", "off_session", "payment_method",
        "receipt_email", "return_url", "setup_future_usage", "statement_descriptor_suffix",
    }
)  # fmt: skip
CONFIRM_SUPPORTED = frozenset(
    {
        "error_on_requires_action", "expand", "off_session", "payment_method", "receipt_email", "return_url",
        "setup_future_usage",
    }
)  # fmt: skip
_ONLY_WITH_CONFIRM = ("error_on_requires_action", "off_session", "return_url")
_CANCELLABLE = ("requires_payment_method", "requires_confirmation", "requires_action", "processing")


def create(world: World, params: Json) -> Json:
    """A payment intent, confirmed at once if asked for."""
    for name in _ONLY_WITH_CONFIRM:
        if name in params and not params.get("confirm"):
            raise bad_parameter(f"`{name}` can only be set when `confirm` is `true`.", name)
    intent = build(world, params)
    if "payment_method" in params:
        _use(world, intent, params["payment_method"])
    if params.get("confirm"):
        _check_confirmable(world, intent, params)
    world.keep(intent)
    events.emit(world, "payment_intent.created", intent)
    return _confirm(world, intent, params) if params.get("confirm") else intent


def build(world: World, params: Json, *, made_by_session: str | None = None) -> Json:
    """The object of a payment intent that nothing has happened to yet; not stored."""
    currency = params["currency"].lower()
    money.check(params["amount"], currency)
    if "customer" in params:
        world.find("customer", params["customer"], param="customer")
    key = world.new_id("pi")
    intent = {
        "id": key,
        "object": "payment_intent",
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount": params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": _automatic(params) if made_by_session is None else None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{key}_secret_{world.new_secret(25)}",
        "confirmation_method": "automatic",
        "created": world.now(),
        "currency": currency,
        "customer": params.get("customer"),
        "customer_account": None,
        "description": params.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": merged({}, params.get("metadata", {})),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ways.taken(params, currency),
        "processing": None,
        "receipt_email": params.get("receipt_email"),
        "review": None,
        "setup_future_usage": params.get("setup_future_usage"),
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": params.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    world.store.put("intent_notes", key, {"session": made_by_session, "return_url": params.get("return_url")})
    return intent


def confirm(world: World, params: Json, key: str) -> Json:
    """Try to pay; a repeat after success, or after the end, is refused."""
    intent = world.find("payment_intent", key)
    if attempts.notes(world, intent)["session"] is not None:
        raise _unexpected(intent, "You cannot confirm PaymentIntents created by Checkout.")
    if intent["status"] == "succeeded":
        message = (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
        )
        raise _unexpected(intent, message)
    if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
        raise _unexpected(
            intent, f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
        )
    if "payment_method" in params:
        _use(world, intent, params["payment_method"])
    for name in ("receipt_email", "setup_future_usage"):
        if name in params:
            intent[name] = params[name] or None
    _check_confirmable(world, intent, params)
    return _confirm(world, intent, params)


def cancel(world: World, params: Json, key: str) -> Json:
    """End an intent that has not succeeded; one that Checkout made ends with its Session only."""
    intent = world.find("payment_intent", key)
    if attempts.notes(world, intent)["session"] is not None:
        message = "You cannot cancel PaymentIntents created by Checkout. Expire the Checkout Session instead."
        raise _unexpected(intent, message)
    if intent["status"] not in _CANCELLABLE:
        message = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent "
            "with one of the following statuses may be canceled: requires_payment_method, requires_capture, "
            "requires_confirmation, requires_action, processing."
        )
        raise _unexpected(intent, message)
    attempts.cancel(world, intent, params.get("cancellation_reason"))
    return intent


def retrieve(world: World, params: Json, key: str) -> Json:
    """One payment intent."""
    return world.find("payment_intent", key)


def list_all(world: World, params: Json) -> Json:
    """Payment intents, by customer and time."""
    return listing.page(world, "payment_intent", params, "/v1/payment_intents", customer=params.get("customer"))


def _use(world: World, intent: Json, key: str) -> None:
    method = method_making.resolve(world, key)
    payment_methods.check_owner(method, intent["customer"])
    ways.check_fits(method, intent["payment_method_types"], "PaymentIntent")
    intent["payment_method"] = method["id"]
    if intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


def _check_confirmable(world: World, intent: Json, params: Json) -> None:
    if intent["payment_method"] is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method or ConfirmationToken."
        )
        raise _unexpected(intent, message)
    attempts.check_way_back(world, intent, params)


def _confirm(world: World, intent: Json, params: Json) -> Json:
    attempts.note_return_url(world, intent, attempts.way_back(world, intent, params))
    attempts.run(
        world,
        intent,
        off_session=params.get("off_session", False) is not False,
        stop_at_challenge=params.get("error_on_requires_action") is True,
    )
    return intent


def _automatic(params: Json) -> Json:
    given: Json = params.get("automatic_payment_methods", {"enabled": True})
    return {"allow_redirects": "always"} | given


def _unexpected(intent: Json, message: str) -> ApiError:
    return ApiError(400, message, code="payment_intent_unexpected_state", payment_intent=dict(intent))
