"""Payment methods: attached to customers or not, changed, listed, expired; and what is known of the cards behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from adapters.stripe.simulator import cards, events, listing, method_making
from adapters.stripe.simulator.cards import EXPIRED, Afterwards, Card, Decline
from adapters.stripe.simulator.errors import bad_parameter, refused
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
UPDATE_SUPPORTED = frozenset({"billing_details", "card", "expand", "metadata"})


def card_of(world: World, method: Json) -> tuple[Card, bool]:
    """The test card behind a payment method, and whether its bank has agreed to later payments."""
    record = world.store.get("card", method["id"])
    if record is None:
        raise refused(f"The payment method {method['id']} has no card.", param="payment_method")
    return cards.card_of(record["number"]), record["set_up"]


def available_at_once(world: World, key: str) -> bool:
    """Whether what this payment method pays can be paid out straight away."""
    record = world.store.get("card", key)
    return record is not None and cards.card_of(record["number"]).available_at_once


def trouble_after(world: World, key: str) -> Afterwards:
    """What befalls the charges that this payment method pays, by the number of its card."""
    record = world.store.get("card", key)
    return cards.card_of(record["number"]).afterwards if record is not None else "nothing"


def check_owner(method: Json, customer: str | None) -> None:
    """Refuse a payment method that another customer has saved."""
    if method["customer"] is not None and method["customer"] != customer:
        message = (
            "The provided PaymentMethod belongs to another Customer and cannot be used here. "
            f"It is attached to {method['customer']}."
        )
        raise refused(message, code="payment_method_customer_decline", param="payment_method")


def refusal_of(world: World, method: Json, card: Card) -> Decline | None:
    """Why the bank refuses a card: always, or because it has expired by now."""
    today = world.clock.now()
    if (method["card"]["exp_year"], method["card"]["exp_month"]) < (today.year, today.month):
        return EXPIRED
    return card.decline


def set_up(world: World, method: Json) -> None:
    """The bank has authenticated this card for later payments."""
    record = world.store.get("card", method["id"])
    if record is not None:
        world.store.put("card", method["id"], record | {"set_up": True})


def save_for(world: World, method: Json, customer: str) -> None:
    """Attach a payment method to a customer, once."""
    if method["customer"] == customer:
        return
    if method["customer"] is not None:
        message = "The payment method you provided has already been attached to a customer."
        raise refused(message, code="payment_method_unexpected_state", param="payment_method")
    method["customer"] = customer
    world.keep(method)
    events.emit(world, "payment_method.attached", method)


def attach(world: World, params: Json, key: str) -> Json:
    """Save a payment method with a customer."""
    customer = world.find("customer", params["customer"], param="customer")
    method = method_making.resolve(world, key)
    save_for(world, method, customer["id"])
    return method


def detach(world: World, params: Json, key: str) -> Json:
    """Take a payment method from its customer."""
    method = world.find("payment_method", key)
    if method["customer"] is None:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise refused(message, code="payment_method_unexpected_state", param="payment_method")
    previous = {"customer": method["customer"]}
    method["customer"] = None
    world.keep(method)
    events.emit(world, "payment_method.detached", method, previous=previous)
    return method


def update(world: World, params: Json, key: str) -> Json:
    """Change the expiry of a saved card, the billing details or the metadata."""
    method = world.find("payment_method", key)
    if method["customer"] is None:
        raise refused("You must save this PaymentMethod to a customer before you can update it.")
    if "card" in params and method["type"] != "card":
        raise bad_parameter("You cannot change a card on a payment method that is none.", "card")
    previous: Json = {}
    for name in ("card", "billing_details"):
        if name in params:
            previous[name] = {part: method[name][part] for part in params[name]}
            method[name] |= {part: value if value != "" else None for part, value in params[name].items()}
    if "metadata" in params:
        method["metadata"] = merged(method["metadata"], params["metadata"])
    world.keep(method)
    events.emit(world, "payment_method.updated", method, previous=previous)
    return method


def renew(world: World, key: str, *, month: int, year: int) -> Json:
    """The networks tell of a card's new expiry."""
    method = world.find("payment_method", key)
    previous = {"card": {"exp_month": method["card"]["exp_month"], "exp_year": method["card"]["exp_year"]}}
    method["card"] |= {"exp_month": month, "exp_year": year}
    world.keep(method)
    events.emit(world, "payment_method.automatically_updated", method, previous=previous)
    return method


def expire(world: World, key: str) -> Json:
    """Let a card have expired last month."""
    method = world.find("payment_method", key)
    last_month = world.clock.now().replace(day=1) - timedelta(days=1)
    method["card"] |= {"exp_month": last_month.month, "exp_year": last_month.year}
    return world.keep(method)


def retrieve(world: World, params: Json, key: str) -> Json:
    """One payment method."""
    return world.find("payment_method", key)


def list_all(world: World, params: Json) -> Json:
    """The payment methods of a customer (without one: none, as at Stripe for cards)."""
    customer = params.get("customer", "")
    return listing.page(
        world, "payment_method", params, "/v1/payment_methods", customer=customer, type=params.get("type")
    )


def of_customer(world: World, params: Json, key: str) -> Json:
    """The payment methods of the customer in the address."""
    world.find("customer", key)
    address = f"/v1/customers/{key}/payment_methods"
    return listing.page(world, "payment_method", params, address, customer=key, type=params.get("type"))
