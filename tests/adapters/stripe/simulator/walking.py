"""Walks answers of the API: is each of the class that the SDK declares for its address, through and through?"""

from __future__ import annotations

from typing import Any

import stripe

from adapters.stripe.simulator.routes import find
from tests.adapters.stripe.simulator.declared import calls
from tests.adapters.stripe.simulator.recording import Answered
from tests.adapters.stripe.simulator.shapes import problems

SHAPES: dict[str, type[stripe.StripeObject]] = {
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "file": stripe.File,
    "item": stripe.LineItem,
    "mandate": stripe.Mandate,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "payout": stripe.Payout,
    "radar.early_fraud_warning": stripe.radar.EarlyFraudWarning,
    "refund": stripe.Refund,
    "setup_intent": stripe.SetupIntent,
}


def wrong(answered: Answered) -> list[str]:
    """In what an answer differs from the class that the SDK declares for its address."""
    route, _ = find(answered.method, answered.path)
    call = calls()[route.method, route.path]
    things = answered.body["data"] if call.many else [answered.body]
    found = [
        f"{route.method} {route.path}: answers no {call.answer}" for thing in things if not is_a(thing, call.answer)
    ]
    return found + [p for thing in things if "deleted" not in thing for p in problems(thing, SHAPES[thing["object"]])]


def is_a(thing: dict[str, Any], name: str) -> bool:
    """Whether an object is of the class of that name."""
    return SHAPES[thing["object"]].__name__ == name
