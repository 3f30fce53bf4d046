"""Charges: one for each attempt at a card, succeeded or failed; settled a moment after they were made."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import balance, events, listing, payment_methods
from adapters.stripe.simulator.cards import Card, Decline
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_TROUBLE_AFTER = 60
"""Seconds from a charge to the dispute or the warning that its card number brings about."""


def make(world: World, intent: Json, method: Json, card: Card, *, decline: Decline | None, authenticated: bool) -> Json:
    """The charge of an attempt; a succeeded one settles later, so its balance transaction is empty at first."""
    paid = decline is None
    charge: Json = {
        "id": world.new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": dict(method["billing_details"]),
        "calculated_statement_descriptor": "SIMULATED",
        "captured": paid,
        "created": world.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(decline),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card_details(method, intent, authenticated), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded" if paid else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }
    world.keep(charge)
    events.emit(world, "charge.succeeded" if paid else "charge.failed", charge)
    if paid:
        world.schedule("settle", charge["id"], world.now() + int(world.settle_after.total_seconds()))
        if card.afterwards != "nothing":
            world.schedule(card.afterwards, charge["id"], world.now() + _TROUBLE_AFTER)
    return charge


def settle(world: World, key: str) -> None:
    """Give a charge its balance transaction, and say so."""
    charge = world.find("charge", key)
    at_once = payment_methods.available_at_once(world, charge["payment_method"])
    charge["balance_transaction"] = balance.of_charge(world, charge, at_once=at_once)["id"]
    world.keep(charge)
    events.emit(world, "charge.updated", charge, previous={"balance_transaction": None})


def retrieve(world: World, params: Json, key: str) -> Json:
    """One charge."""
    return world.find("charge", key)


def list_all(world: World, params: Json) -> Json:
    """Charges, by customer, payment intent and time."""
    wanted = {"customer": params.get("customer"), "payment_intent": params.get("payment_intent")}
    return listing.page(world, "charge", params, "/v1/charges", **wanted)


def _outcome(decline: Decline | None) -> Json:
    if decline is None:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": decline.advice,
        "network_advice_code": None,
        "network_decline_code": "05",
        "network_status": "declined_by_network",
        "reason": decline.decline_code,
        "seller_message": f"The bank returned the decline code `{decline.decline_code}`.",
        "type": "issuer_declined",
    }


def _card_details(method: Json, intent: Json, authenticated: bool) -> Json:
    card = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {name: card[name] for name in same} | {
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": _three_d_secure() if authenticated else None,
    }


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }
