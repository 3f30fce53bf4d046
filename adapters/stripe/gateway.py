"""Gateway: the port to the processor, spoken to Stripe's HTTP API through its own library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import requests
import stripe
from requests.adapters import HTTPAdapter
from stripe.params import CustomerCreateParams
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

from adapters.stripe.errors import translated
from adapters.stripe.mapping import (
    ACCOUNT,
    INSTALLATION,
    PAYMENT,
    charge_snapshot,
    checkout_snapshot,
    intent_snapshot,
    to_stripe,
)
from domain.payments.processor import ProcessorConfused, ProcessorRefused
from domain.payments.snapshots import (
    ChargeSnapshot,
    CheckoutLine,
    CheckoutRequest,
    CheckoutSnapshot,
    CustomerRequest,
    IntentSnapshot,
)
from domain.shared.money import Money

TIMEOUT = (5.0, 10.0)
"""Seconds to wait for a connection, and for an answer."""
RETRIES = 2
"""How often the library itself repeats a call that got no final answer, always under the same key."""
CONNECTIONS = 24
MOST_LINES = 100
"""A Checkout Session takes no more lines."""
LONGEST_NAME = 250
CLOCKS_APART = timedelta(minutes=5)
"""How far Stripe's clock and ours may differ when we look for what we made at a known time."""
LOCALES = {"en": "en-GB", "es": "es"}


class StripeGateway:
    """The processor, by Stripe. One object serves all threads; `close` it at the end."""

    def __init__(
        self, key: str, *, api_url: str = "", retries: int = RETRIES, http_client: stripe.HTTPClient | None = None
    ) -> None:
        """`api_url` is a simulator's address; empty means Stripe itself. `http_client` replaces the network."""
        self._web = requests.Session()
        self._web.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._web.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._web.trust_env = not api_url
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": api_url} if api_url else {},
            max_network_retries=retries,
            http_client=http_client or stripe.RequestsClient(timeout=TIMEOUT, session=self._web),
        )

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def create_customer(self, request: CustomerRequest, *, key: str) -> str:
        """Make our account known to Stripe; repeating it under the same key makes no second customer.

        Where Stripe has saved an error under the key, another key is used: a customer too many moves no money.
        """
        try:
            return self._create_customer(request, key)
        except ProcessorConfused:
            return self._create_customer(request, f"{key}:again")

    def _create_customer(self, request: CustomerRequest, key: str) -> str:
        params: CustomerCreateParams = {
            "name": request.name,
            "description": request.number,
            "metadata": {ACCOUNT: str(request.account_id), INSTALLATION: request.installation},
        }
        if request.email is not None:
            params["email"] = request.email
        with translated():
            return self._client.v1.customers.create(params, {"idempotency_key": key}).id

    def compose_checkout(self, request: CheckoutRequest) -> dict[str, Any]:
        """The body of the request that opens the Session; its intent bears our payment id and installation."""
        marks = {PAYMENT: request.payment_id, INSTALLATION: request.installation}
        body: SessionCreateParams = {
            "mode": "payment",
            "customer": request.customer_id,
            "client_reference_id": request.payment_id,
            "line_items": [_line(line) for line in _at_most(request.lines)],
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "expires_at": int(request.expires_at.timestamp()),
            "locale": LOCALES.get(request.language, "auto"),
            "metadata": marks,
            "payment_intent_data": {"metadata": marks},
            "adaptive_pricing": {"enabled": False},
        }
        return cast("dict[str, Any]", body)

    def open_checkout(self, body: Mapping[str, Any], *, key: str) -> CheckoutSnapshot:
        """Open a Session with exactly this body; the same key and body give the same Session."""
        with translated():
            session = self._client.v1.checkout.sessions.create(
                cast("SessionCreateParams", body), {"idempotency_key": key}
            )
        return checkout_snapshot(session)

    def checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """One Session now."""
        with translated():
            return checkout_snapshot(self._client.v1.checkout.sessions.retrieve(checkout_id))

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Close a Session; where Stripe refuses (it is complete, or closed already), the Session as it stands."""
        try:
            with translated():
                return checkout_snapshot(self._client.v1.checkout.sessions.expire(checkout_id))
        except ProcessorRefused:
            return self.checkout(checkout_id)

    def find_checkout(self, customer_id: str, payment_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """The newest Session of our payment, found by listing: Stripe's search lags behind and is never asked."""
        earliest = int((since - CLOCKS_APART).timestamp())
        with translated():
            sessions = self._client.v1.checkout.sessions.list(
                {"customer": customer_id, "created": {"gte": earliest}, "limit": 100}
            )
            for session in sessions.auto_paging_iter():
                snapshot = checkout_snapshot(session)
                if snapshot.payment_id == payment_id:
                    return snapshot
        return None

    def intent(self, intent_id: str) -> IntentSnapshot:
        """One PaymentIntent now, with its latest charge and that charge's balance transaction."""
        with translated():
            found = self._client.v1.payment_intents.retrieve(
                intent_id, {"expand": ["latest_charge.balance_transaction"]}
            )
        return intent_snapshot(found)

    def charge(self, charge_id: str) -> ChargeSnapshot:
        """One charge now, with its balance transaction."""
        with translated():
            return charge_snapshot(self._client.v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]}))


def _line(line: CheckoutLine) -> SessionCreateParamsLineItem:
    return {
        "quantity": 1,
        "price_data": {
            "currency": line.amount.currency.lower(),
            "unit_amount": to_stripe(line.amount),
            "product_data": {"name": line.name[:LONGEST_NAME]},
        },
    }


def _at_most(lines: Sequence[CheckoutLine]) -> list[CheckoutLine]:
    """The lines, or the first ones and one for all the rest, so that Stripe takes them."""
    if len(lines) <= MOST_LINES:
        return list(lines)
    first, rest = lines[: MOST_LINES - 1], lines[MOST_LINES - 1 :]
    total = Money.sum((line.amount for line in rest), rest[0].amount.currency)
    return [*first, CheckoutLine(f"{rest[0].name} … {rest[-1].name}", total)]
