"""How a payment intent takes a refusal: the error is kept, another payment method is waited for."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import events
from adapters.stripe.simulator.errors import ApiError
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


def refuse(world: World, intent: Json, method: Json, error: Json) -> ApiError:
    """Note on the intent why nothing was paid, tell so, and give the answer to raise where somebody waits for it."""
    kind = "card_error" if "decline_code" in error else "invalid_request_error"
    doc_url = f"https://stripe.com/docs/error-codes/{error['code'].replace('_', '-')}"
    intent["last_payment_error"] = error | {"doc_url": doc_url, "payment_method": dict(method), "type": kind}
    intent.update(status="requires_payment_method", payment_method=None, next_action=None)
    world.keep(intent)
    events.emit(world, "payment_intent.payment_failed", intent)
    said = {name: value for name, value in error.items() if name not in ("message", "code")}
    return ApiError(
        402,
        error["message"],
        kind=kind,
        code=error["code"],
        payment_intent=dict(intent),
        payment_method=dict(method),
        **said,
    )
