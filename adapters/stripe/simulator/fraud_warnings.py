"""Early fraud warnings: an issuer says that a charge may be fraudulent, before anybody disputes it."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import events, listing
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_KIND = "radar.early_fraud_warning"


def make(world: World, charge: Json, fraud_type: str) -> Json:
    """A warning about a charge; there is something to do about it until it is refunded in full or disputed."""
    warning = world.keep(
        {
            "id": world.new_id("issfr"),
            "object": _KIND,
            "actionable": not charge["refunded"] and not charge["disputed"],
            "charge": charge["id"],
            "created": world.now(),
            "fraud_type": fraud_type,
            "livemode": False,
            "payment_intent": charge["payment_intent"],
        }
    )
    events.emit(world, f"{_KIND}.created", warning)
    return warning


def make_when_due(world: World, key: str) -> None:
    """The issuer of one of the test cards warns of its charge."""
    make(world, world.find("charge", key), "made_with_stolen_card")


def answered(world: World, charge: Json) -> None:
    """After a full refund or a dispute nothing is to be done about the warnings any more."""
    if not charge["refunded"] and not charge["disputed"]:
        return
    for warning in listing.matching(world, _KIND, charge=charge["id"], actionable=True):
        done = world.keep(warning | {"actionable": False})
        events.emit(world, f"{_KIND}.updated", done, previous={"actionable": True})


def retrieve(world: World, params: Json, key: str) -> Json:
    """One warning."""
    return world.find(_KIND, key)


def list_all(world: World, params: Json) -> Json:
    """Warnings, by charge, payment intent and time."""
    wanted = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing.page(world, _KIND, params, "/v1/radar/early_fraud_warnings", **wanted)
