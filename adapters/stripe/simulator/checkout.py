"""Checkout Sessions through the API: created, read, listed by customer, expired; and their line items."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import attempts, events, line_items, listing, money, payment_intents
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.errors import ApiError, bad_parameter, refused
from adapters.stripe.simulator.params import missing_parameter
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset(
    {
        "adaptive_pricing", "allowed_payment_method_types", "cancel_url", "client_reference_id", "customer",
        "customer_email", "expand", "expires_at", "line_items", "locale", "metadata", "mode", "payment_intent_data",
        "submit_type", "success_url", "ui_mode",
    }
)  # fmt: skip
_INTENT_SUPPORTED = frozenset(
    {"description", "metadata", "receipt_email", "setup_future_usage", "statement_descriptor_suffix"}
)
_SHORTEST, _LONGEST = 30 * 60, 24 * 3600


def create(world: World, params: Json) -> Json:
    """An open Session with the address of its page."""
    _check(world, params)
    lines, currency, total = line_items.read(world, params["line_items"])
    what = "The Checkout Session's total amount due"
    money.check(total, currency, what=what, param="line_items")
    key = f"cs_test_{world.new_secret(58)}"
    session = {
        "id": key,
        "object": "checkout.session",
        "adaptive_pricing": params.get("adaptive_pricing", {"enabled": True}),
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": world.now(),
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": params.get("customer"),
        "customer_account": None,
        "customer_creation": None if "customer" in params else "if_required",
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": params.get("expires_at", world.now() + _LONGEST),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": merged({}, params.get("metadata", {})),
        "mode": "payment",
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{world.public_url}/c/pay/{key}",
        "wallet_options": None,
    }
    listed = {"object": "list", "url": f"/v1/checkout/sessions/{key}/line_items", "has_more": False, "data": lines}
    world.store.put("line_items", key, listed)
    world.store.put("intent_data", key, params.get("payment_intent_data", {}))
    world.schedule("expire", key, session["expires_at"])
    return world.keep(session)


def retrieve(world: World, params: Json, key: str) -> Json:
    """One Session."""
    return world.find("checkout.session", key)


def list_all(world: World, params: Json) -> Json:
    """Sessions, by customer, payment intent, status and time."""
    wanted = {name: params.get(name) for name in ("customer", "payment_intent", "status")}
    return listing.page(world, "checkout.session", params, "/v1/checkout/sessions", **wanted)


def list_line_items(world: World, params: Json, key: str) -> Json:
    """What a Session is for."""
    world.find("checkout.session", key)
    lines = world.store.get("line_items", key)
    return listing.cut(lines["data"] if lines else [], params, f"/v1/checkout/sessions/{key}/line_items")


def expire(world: World, params: Json, key: str) -> Json:
    """Close an open Session by request; any other is refused."""
    session = world.find("checkout.session", key)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
        raise refused(message)
    close(world, session)
    return session


def expire_when_due(world: World, key: str) -> None:
    """Close a Session whose time has come, if it is still open."""
    session = world.find("checkout.session", key)
    if session["status"] == "open":
        close(world, session)


def close(world: World, session: Json) -> None:
    """Expire a Session, and with it the payment intent of its attempts."""
    session.update(status="expired", url=None)
    world.keep(session)
    if session["payment_intent"] is not None:
        attempts.cancel(world, world.find("payment_intent", session["payment_intent"]), "expired")
    events.emit(world, "checkout.session.expired", session)


def _check(world: World, params: Json) -> None:
    for name in ("mode", "line_items", "success_url"):
        if name not in params:
            raise missing_parameter(name)
    _check_simulated(params)
    for name in ("success_url", "cancel_url"):
        if name in params and not params[name].startswith(("https://", "http://")):
            raise ApiError(400, "Not a valid URL", code="url_invalid", param=name, executed=False)
    if "customer" in params and "customer_email" in params:
        raise bad_parameter("You may only specify one of these parameters: customer, customer_email.", "customer")
    if "customer" in params:
        world.find("customer", params["customer"], param="customer")
    _check_lifetime(params.get("expires_at", world.now() + _LONGEST) - world.now())


def _check_simulated(params: Json) -> None:
    """Refuse what Stripe could do and the simulator cannot yet."""
    if params["mode"] != "payment":
        raise bad_parameter(f"The simulator does not know the mode '{params['mode']}' yet.", "mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise bad_parameter("The simulator has hosted pages only.", "ui_mode")
    payment_intents.check_types(params)
    for name in params.get("payment_intent_data", {}):
        if name not in _INTENT_SUPPORTED:
            path = f"payment_intent_data[{name}]"
            raise bad_parameter(f"The simulator does not know what to do with the parameter '{path}' yet.", path)


def _check_lifetime(seconds: int) -> None:
    if seconds < _SHORTEST:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise bad_parameter(message, "expires_at")
    if seconds > _LONGEST:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise bad_parameter(message, "expires_at")
