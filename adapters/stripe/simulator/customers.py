"""Customers: made, read, changed, deleted and listed."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import events, listing, payment_methods
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.method_making import EMPTY_ADDRESS
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset(
    {"address", "description", "email", "expand", "metadata", "name", "phone", "preferred_locales", "shipping"}
)


def create(world: World, params: Json) -> Json:
    """A customer; every parameter is optional."""
    customer: Json = {
        "id": world.new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": world.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": world.new_secret(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    _set(customer, params)
    world.keep(customer)
    events.emit(world, "customer.created", customer)
    return customer


def retrieve(world: World, params: Json, key: str) -> Json:
    """One customer; of a deleted one only that it is deleted."""
    deleted = world.store.get("deleted_customer", key)
    return deleted if deleted is not None else world.find("customer", key)


def update(world: World, params: Json, key: str) -> Json:
    """Change what is given; an empty value unsets."""
    customer = world.find("customer", key)
    _set(customer, params)
    world.keep(customer)
    events.emit(world, "customer.updated", customer)
    return customer


def delete(world: World, params: Json, key: str) -> Json:
    """Delete for good, with what was saved; what was paid stays."""
    customer = world.find("customer", key)
    for method in listing.matching(world, "payment_method", customer=key):
        payment_methods.detach(world, {}, method["id"])
    world.store.remove("customer", key)
    deleted = {"id": key, "object": "customer", "deleted": True}
    world.store.put("deleted_customer", key, deleted)
    events.emit(world, "customer.deleted", customer)
    return deleted


def list_all(world: World, params: Json) -> Json:
    """Customers, by email (case counts) and time."""
    return listing.page(world, "customer", params, "/v1/customers", email=params.get("email"))


def _set(customer: Json, params: Json) -> None:
    for name, value in params.items():
        if name == "metadata":
            customer["metadata"] = merged(customer["metadata"], value)
        elif name == "address" and value:
            customer["address"] = EMPTY_ADDRESS | value
        elif name != "expand":
            customer[name] = value if value != "" else None
