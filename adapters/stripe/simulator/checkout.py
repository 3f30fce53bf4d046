"""Checkout Sessions through the API: created, read, listed by customer, expired; and their line items."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import (
    attempts,
    events,
    line_items,
    listing,
    money,
    sessions,
    setup_intents,
    setups,
    ways,
)
from adapters.stripe.simulator.errors import bad_parameter, refused
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = sessions.SUPPORTED


def create(world: World, params: Json) -> Json:
    """An open Session with the address of its page."""
    sessions.check(world, params)
    return _to_save(world, params) if params["mode"] == "setup" else _to_pay(world, params)


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
    """Expire a Session, and with it the intent of its attempts."""
    session.update(status="expired", url=None)
    world.keep(session)
    if session["payment_intent"] is not None:
        attempts.cancel(world, world.find("payment_intent", session["payment_intent"]), "expired")
    if session["setup_intent"] is not None:
        setups.cancel(world, world.find("setup_intent", session["setup_intent"]), None)
    events.emit(world, "checkout.session.expired", session)


def _to_pay(world: World, params: Json) -> Json:
    lines, currency, total = line_items.read(world, params["line_items"])
    money.check(total, currency, what="The Checkout Session's total amount due", param="line_items")
    intent_data = params.get("payment_intent_data", {})
    session = sessions.build(world, params)
    session.update(
        amount_subtotal=total,
        amount_total=total,
        currency=currency,
        payment_method_types=ways.taken(params, currency, to_save="setup_future_usage" in intent_data),
        payment_status="unpaid",
    )
    address = f"/v1/checkout/sessions/{session['id']}/line_items"
    listed = {"object": "list", "url": address, "has_more": False, "data": lines}
    world.store.put("line_items", session["id"], listed)
    world.store.put("intent_data", session["id"], intent_data)
    return _open(world, session)


def _to_save(world: World, params: Json) -> Json:
    """A Session that saves a payment method; its setup intent is there from the beginning."""
    currency = params.get("currency", "").lower() or None
    if currency is not None:
        money.check_currency(currency)
    elif ways.NAME not in params:
        message = "You must provide `currency` in setup mode unless the types of payment methods are given."
        raise bad_parameter(message, "currency", "parameter_missing")
    session = sessions.build(world, params)
    asked = params.get("setup_intent_data", {}) | {
        name: params[name] for name in ("customer", ways.NAME) if name in params
    }
    setup = setup_intents.build(world, asked, made_by_session=session["id"], currency=currency)
    session.update(
        currency=currency,
        payment_method_types=setup["payment_method_types"],
        payment_status="no_payment_required",
        setup_intent=setup["id"],
    )
    world.keep(setup)
    events.emit(world, "setup_intent.created", setup)
    return _open(world, session)


def _open(world: World, session: Json) -> Json:
    world.schedule("expire", session["id"], session["expires_at"])
    return world.keep(session)
