"""What a Checkout Session is made of, and which ones are refused."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator.errors import ApiError, bad_parameter
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.params import missing_parameter
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset(
    {
        "adaptive_pricing", "allowed_payment_method_types", "cancel_url", "client_reference_id", "currency",
        "customer", "customer_email", "expand", "expires_at", "line_items", "locale", "metadata", "mode",
        "payment_intent_data", "saved_payment_method_options", "setup_intent_data", "submit_type", "success_url",
        "ui_mode",
    }
)  # fmt: skip
_SUPPORTED_IN = {
    "payment_intent_data": frozenset(
        {"description", "metadata", "receipt_email", "setup_future_usage", "statement_descriptor_suffix"}
    ),
    "setup_intent_data": frozenset({"description", "metadata"}),
}
_ONLY_IN = {
    "payment": ("line_items", "payment_intent_data", "submit_type"),
    "setup": ("setup_intent_data",),
}
_SHORTEST, _LONGEST = 30 * 60, 24 * 3600


def build(world: World, params: Json) -> Json:
    """The object of an open Session without what its mode adds; not stored."""
    paying = params["mode"] == "payment"
    key = f"cs_test_{world.new_secret(58)}"
    return {
        "id": key,
        "object": "checkout.session",
        "adaptive_pricing": params.get("adaptive_pricing", {"enabled": True}) if paying else None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": None,
        "amount_total": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": world.now(),
        "currency": None,
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
        "customer_creation": None if "customer" in params else "if_required" if paying else "always",
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": params.get("expires_at", world.now() + _LONGEST),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": merged({}, params.get("metadata", {})),
        "mode": params["mode"],
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required" if paying else "always",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": [],
        "payment_status": "no_payment_required",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": params.get("saved_payment_method_options"),
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if paying else None,
        "ui_mode": "hosted_page",
        "url": f"{world.public_url}/c/pay/{key}",
        "wallet_options": None,
    }


def check(world: World, params: Json) -> None:
    """Refuse a Session that Stripe would refuse, and what it could do but the simulator cannot yet."""
    for name in ("mode", "success_url"):
        if name not in params:
            raise missing_parameter(name)
    _check_mode(params)
    _check_simulated(params)
    for name in ("success_url", "cancel_url"):
        if name in params and not params[name].startswith(("https://", "http://")):
            raise ApiError(400, "Not a valid URL", code="url_invalid", param=name, executed=False)
    if "customer" in params and "customer_email" in params:
        raise bad_parameter("You may only specify one of these parameters: customer, customer_email.", "customer")
    if "customer" in params:
        world.find("customer", params["customer"], param="customer")
    _check_lifetime(params.get("expires_at", world.now() + _LONGEST) - world.now())


def _check_mode(params: Json) -> None:
    mode = params["mode"]
    if mode not in _ONLY_IN:
        raise bad_parameter(f"The simulator does not know the mode '{mode}' yet.", "mode")
    if mode == "payment" and "line_items" not in params:
        raise missing_parameter("line_items")
    other = "setup" if mode == "payment" else "payment"
    for name in _ONLY_IN[other]:
        if name in params:
            raise bad_parameter(f"You can not pass `{name}` in `{mode}` mode.", name)


def _check_simulated(params: Json) -> None:
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise bad_parameter("The simulator has hosted pages only.", "ui_mode")
    for data, known in _SUPPORTED_IN.items():
        for name in params.get(data, {}):
            if name not in known:
                path = f"{data}[{name}]"
                raise bad_parameter(f"The simulator does not know what to do with the parameter '{path}' yet.", path)


def _check_lifetime(seconds: int) -> None:
    if seconds < _SHORTEST:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise bad_parameter(message, "expires_at")
    if seconds > _LONGEST:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise bad_parameter(message, "expires_at")
