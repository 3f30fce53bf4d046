"""What a Checkout Session is for: its line items, each with a price of its own."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator.errors import bad_parameter, refused
from adapters.stripe.simulator.params import missing_parameter
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


def read(world: World, items: list[Json]) -> tuple[list[Json], str, int]:
    """The line items that a Session was asked for, their one currency (lower case) and their sum in minor units."""
    lines = [_line_item(world, item, f"line_items[{place}]") for place, item in enumerate(items)]
    if not lines:
        raise missing_parameter("line_items")
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise bad_parameter("All line items of a Checkout Session must use the same currency.", "line_items")
    return lines, currencies.pop(), sum(line["amount_total"] for line in lines)


def _line_item(world: World, item: Json, path: str) -> Json:
    if "price" in item:
        raise refused(f"No such price: '{item['price']}'", code="resource_missing", param=f"{path}[price]")
    for name in ("price_data", "quantity"):
        if name not in item:
            raise missing_parameter(f"{path}[{name}]")
    data = item["price_data"]
    for name in ("unit_amount", "product_data"):
        if name not in data:
            raise missing_parameter(f"{path}[price_data][{name}]")
    if data["unit_amount"] < 0 or item["quantity"] < 1:
        raise bad_parameter("This value must be greater than or equal to 0.", path, "parameter_invalid_integer")
    currency = data["currency"].lower()
    amount = data["unit_amount"] * item["quantity"]
    return {
        "id": world.new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": data["product_data"]["name"],
        "metadata": {},
        "price": _price(world, data, currency),
        "quantity": item["quantity"],
    }


def _price(world: World, data: Json, currency: str) -> Json:
    return {
        "id": world.new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": world.now(),
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": world.new_id("prod"),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }
