"""Mandates: what a person has allowed a bank debit to do, and the day on which the bank withdraws it."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import events, listing
from adapters.stripe.simulator.errors import refused
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


def of(world: World, method: Json) -> Json:
    """The mandate for a bank account: the one that was given, or one that is given now; refused once withdrawn."""
    given = listing.matching(world, "mandate", payment_method=method["id"])
    if not given:
        return _give(world, method)
    if given[0]["status"] != "active":
        message = f"The mandate {given[0]['id']} is inactive, so the payment method cannot be debited any more."
        raise refused(message, code="payment_intent_mandate_invalid", param="payment_method")
    return given[0]


def withdraw(world: World, method: str) -> Json:
    """The bank or the account's holder withdraws the mandate for a payment method."""
    given = listing.matching(world, "mandate", payment_method=method, status="active")
    if not given:
        raise ValueError(f"The payment method {method} has no active mandate.")
    withdrawn = world.keep(given[0] | {"status": "inactive"})
    events.emit(world, "mandate.updated", withdrawn, previous={"status": "active"})
    return withdrawn


def retrieve(world: World, params: Json, key: str) -> Json:
    """One mandate."""
    return world.find("mandate", key)


def _give(world: World, method: Json) -> Json:
    reference = world.new_secret(10).upper()
    url = f"{world.public_url}/mandate/{reference}"
    details = {
        "bacs_debit": {
            "display_name": None,
            "network_status": "accepted",
            "reference": reference,
            "revocation_reason": None,
            "service_user_number": None,
            "url": url,
        },
        "sepa_debit": {"reference": reference, "url": url},
        "us_bank_account": {},
    }[method["type"]]
    online = {"ip_address": "127.0.0.1", "user_agent": "simulated"}
    return world.keep(
        {
            "id": world.new_id("mandate"),
            "object": "mandate",
            "customer_acceptance": {"accepted_at": world.now(), "online": online, "type": "online"},
            "livemode": False,
            "multi_use": {},
            "payment_method": method["id"],
            "payment_method_details": {method["type"]: details, "type": method["type"]},
            "status": "active",
            "type": "multi_use",
        }
    )
