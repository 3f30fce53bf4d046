"""Checkouts: the pages of Stripe's on which a payer types a card, to pay or to keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionCreateParamsPaymentIntentData,
)

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import PAGE, Connection, earliest
from adapters.stripe.mapping.amounts import to_stripe
from adapters.stripe.mapping.paying import checkout_snapshot
from adapters.stripe.mapping.reading import PAYMENT, SETUP, marks_of
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import CheckoutLine, CheckoutRequest, CheckoutSnapshot, SetupRequest
from domain.shared.money import Money

MOST_LINES = 100
"""A Checkout Session takes no more lines."""
LONGEST_NAME = 250
LOCALES = {"en": "en-GB", "es": "es"}


class Checkouts(Connection):
    """The calls about Checkout Sessions. Which means of payment a page offers is set in Stripe's dashboard."""

    def compose_checkout(self, request: CheckoutRequest) -> dict[str, Any]:
        """The body of the request that opens the Session; its intent bears our payment id and installation.

        A method is kept only where the payer agreed; then Stripe's page shows its own words of agreement as well. It
        shows none that was kept before: people of one account see none of each other's, holders of a link none at all.
        """
        marks = marks_of({PAYMENT: request.payment_id}, request.installation, request.account_id)
        intent: SessionCreateParamsPaymentIntentData = {"metadata": marks}
        if request.save:
            intent["setup_future_usage"] = "off_session"
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
            "payment_intent_data": intent,
            "adaptive_pricing": {"enabled": False},
            "saved_payment_method_options": {"allow_redisplay_filters": ["unspecified"]},
        }
        return cast("dict[str, Any]", body)

    def compose_setup(self, request: SetupRequest) -> dict[str, Any]:
        """The body of the request that opens a Session which only keeps a method; its setup bears our marks."""
        marks = marks_of({SETUP: request.setup_id}, request.installation, None)
        body: SessionCreateParams = {
            "mode": "setup",
            "customer": request.customer_id,
            "client_reference_id": request.setup_id,
            "currency": request.currency.lower(),
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "expires_at": int(request.expires_at.timestamp()),
            "locale": LOCALES.get(request.language, "auto"),
            "metadata": marks,
            "setup_intent_data": {"metadata": marks},
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
        return self._find(customer_id, since, lambda found: found.payment_id == payment_id)

    def find_setup(self, customer_id: str, setup_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """The newest Session that was to keep a method, found by listing."""
        return self._find(customer_id, since, lambda found: found.setup_id == setup_id)

    def _find(
        self, customer_id: str, since: datetime, wanted: Callable[[CheckoutSnapshot], bool]
    ) -> CheckoutSnapshot | None:
        with translated():
            sessions = self._client.v1.checkout.sessions.list(
                {"customer": customer_id, "created": {"gte": earliest(since)}, "limit": PAGE}
            )
            found = (checkout_snapshot(session) for session in sessions.auto_paging_iter())
            return next((snapshot for snapshot in found if wanted(snapshot)), None)


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
