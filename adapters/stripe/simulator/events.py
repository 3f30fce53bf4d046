"""Events: a frozen copy of an object at each turn of its life, kept for thirty days, and what is to be delivered."""

from __future__ import annotations

from typing import Any

import stripe

from adapters.stripe.simulator import listing
from adapters.stripe.simulator.errors import bad_parameter, no_such
from adapters.stripe.simulator.store import copied
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUBSCRIBED = frozenset(
    {
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.failed",
        "charge.pending",
        "charge.refunded",
        "charge.succeeded",
        "charge.updated",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "customer.deleted",
        "mandate.updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
        "payment_method.attached",
        "payment_method.automatically_updated",
        "payment_method.detached",
        "payment_method.updated",
        "payout.canceled",
        "payout.created",
        "payout.failed",
        "payout.paid",
        "payout.reconciliation_completed",
        "payout.updated",
        "radar.early_fraud_warning.created",
        "radar.early_fraud_warning.updated",
        "refund.created",
        "refund.failed",
        "refund.updated",
        "setup_intent.setup_failed",
        "setup_intent.succeeded",
    }
)
"""The events that the webhook endpoint gets unless it is given a list of its own."""
_KEPT_FOR = 30 * 24 * 3600


def emit(world: World, type_: str, thing: Json, *, previous: Json | None = None) -> Json:
    """Record that something happened to `thing`, and put it up for delivery if the endpoint subscribed to it."""
    wanted = type_ in world.subscribed
    data: Json = {"object": copied(thing)}
    if previous is not None:
        data["previous_attributes"] = previous
    event = world.keep(
        {
            "id": world.new_id("evt"),
            "object": "event",
            "api_version": stripe.api_version,
            "created": world.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 1 if wanted else 0,
            "request": {"id": world.request.id, "idempotency_key": world.request.idempotency_key},
            "type": type_,
        }
    )
    if wanted:
        delivery = {"event": event["id"], "type": type_, "attempts": 0, "due": world.now()}
        world.store.put("delivery", event["id"], delivery)
    return event


def retrieve(world: World, params: Json, key: str) -> Json:
    """One event, unless it is over thirty days old."""
    event = world.find("event", key)
    if event["created"] < world.now() - _KEPT_FOR:
        raise no_such("event", key)
    return event


def list_all(world: World, params: Json) -> Json:
    """The events of the last thirty days, by type or types, time, and whether their delivery succeeded."""
    if "type" in params and "types" in params:
        raise bad_parameter("You may only specify one of these parameters: type, types.", "type")
    oldest = world.now() - _KEPT_FOR
    found = [event for event in reversed(world.store.all("event")) if event["created"] >= oldest]
    types = [params["type"]] if "type" in params else params.get("types")
    if types is not None:
        found = [event for event in found if any(_is_a(event["type"], type_) for type_ in types)]
    if "delivery_success" in params:
        found = [event for event in found if (event["pending_webhooks"] == 0) == params["delivery_success"]]
    found = listing.made(found, params.get("created"))
    return listing.cut(found, params, "/v1/events", among=listing.matching(world, "event"))


def _is_a(type_: str, wanted: str) -> bool:
    return type_ == wanted or (wanted.endswith(".*") and type_.startswith(wanted[:-1]))
