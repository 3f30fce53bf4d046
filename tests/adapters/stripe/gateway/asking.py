"""Asking: requests to the gateway as the domain makes them, and short ways to have something happen at Stripe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator
from domain.payments.snapshots import (
    CheckoutLine,
    CheckoutRequest,
    CustomerRequest,
    IntentSnapshot,
    RefundRequest,
    SavedMethodRequest,
    SetupRequest,
)
from domain.shared.money import Money
from tests.support.builders import money

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
BACK = "http://127.0.0.1:1/back"


def a_customer() -> CustomerRequest:
    return CustomerRequest(account_id=1, installation="here", number="A-1", name="Harbour Café", email="a@example.com")


def a_request(
    customer: str, *, amount: Money | None = None, payment: str = "pay1", lines: int = 1, save: bool = False
) -> CheckoutRequest:
    each = amount or money("12.50")
    return CheckoutRequest(
        payment_id=payment,
        installation="here",
        customer_id=customer,
        lines=[CheckoutLine(f"INV-{n}", each) for n in range(lines)],
        success_url=BACK,
        cancel_url="http://127.0.0.1:1/cancelled",
        expires_at=NOON + timedelta(hours=1),
        language="en",
        save=save,
        account_id=7,
    )


def a_setup(customer: str, setup: str = "set1") -> SetupRequest:
    return SetupRequest(
        setup_id=setup,
        installation="here",
        customer_id=customer,
        currency="GBP",
        success_url=BACK,
        cancel_url="http://127.0.0.1:1/cancelled",
        expires_at=NOON + timedelta(hours=1),
        language="en",
    )


def a_saved(customer: str, method: str, *, payment: str = "pay1", return_url: str | None = BACK) -> SavedMethodRequest:
    return SavedMethodRequest(
        payment_id=payment,
        installation="here",
        customer_id=customer,
        method_ref=method,
        amount=money("12.50"),
        return_url=return_url,
        account_id=7,
    )


def a_refund(
    intent: str | None, amount: str = "2.50", refund: str = "ref1", *, charge: str | None = None
) -> RefundRequest:
    return RefundRequest(
        refund_id=refund,
        payment_id="pay1",
        installation="here",
        intent_id=intent,
        charge_id=charge,
        amount=money(amount),
        account_id=7,
    )


def paid(gateway: StripeGateway, simulator: Simulator, customer: str, payment: str = "pay1") -> IntentSnapshot:
    """A payment of £12.50 on Stripe's page, settled."""
    opened = gateway.open_checkout(
        gateway.compose_checkout(a_request(customer, payment=payment)), key=f"pay:{payment}:1"
    )
    simulator.pay_session(opened.checkout_id)
    simulator.settle()
    return gateway.intent(gateway.checkout(opened.checkout_id).intent_id or "")


def charge_of(intent: IntentSnapshot) -> str:
    """The name of its charge."""
    assert intent.charge is not None
    return intent.charge.charge_id


def kept(gateway: StripeGateway, simulator: Simulator, customer: str, card: str = "4242424242424242") -> str:
    """A card that was saved on Stripe's page without a payment; its name."""
    opened = gateway.open_checkout(gateway.compose_setup(a_setup(customer)), key="setup:set1")
    simulator.pay_session(opened.checkout_id, card=card, authenticate=True)
    method = gateway.setup(gateway.checkout(opened.checkout_id).setup_ref or "").method_ref
    assert method is not None
    return method


def sent(body: dict[str, Any], *names: str) -> list[Any]:
    """Fields of a request's body, in the order asked for; None where one is not sent."""
    return [body.get(name) for name in names]
