"""Refunds: money sent back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from stripe.params import RefundCreateParams

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import PAGE, Connection
from adapters.stripe.mapping.amounts import to_stripe
from adapters.stripe.mapping.going_back import refund_snapshot
from adapters.stripe.mapping.reading import PAYMENT, REFUND, marks_of
from domain.payments.snapshots import RefundRequest, RefundSnapshot

WITH_MONEY = ["balance_transaction", "failure_balance_transaction"]


class Refunds(Connection):
    """The calls about refunds."""

    def compose_refund(self, request: RefundRequest) -> dict[str, Any]:
        """The body of the request that sends money back; a refund bears our marks of its own, none are inherited."""
        body: RefundCreateParams = {
            "payment_intent": request.intent_id,
            "amount": to_stripe(request.amount),
            "expand": WITH_MONEY,
            "metadata": marks_of(
                {REFUND: request.refund_id, PAYMENT: request.payment_id}, request.installation, request.account_id
            ),
        }
        return cast("dict[str, Any]", body)

    def open_refund(self, body: Mapping[str, Any], *, key: str) -> RefundSnapshot:
        """Send money back with exactly this body; the same key and body send it once."""
        with translated():
            refund = self._client.v1.refunds.create(cast("RefundCreateParams", body), {"idempotency_key": key})
        return refund_snapshot(refund)

    def find_refund(self, intent_id: str, refund_id: str) -> RefundSnapshot | None:
        """Our refund among those of the PaymentIntent, by its mark."""
        with translated():
            refunds = self._client.v1.refunds.list(
                {"payment_intent": intent_id, "limit": PAGE, "expand": [f"data.{name}" for name in WITH_MONEY]}
            )
            found = (refund_snapshot(refund) for refund in refunds.auto_paging_iter())
            return next((snapshot for snapshot in found if snapshot.refund_id == refund_id), None)

    def refund(self, refund_ref: str) -> RefundSnapshot:
        """One refund now, with its balance transactions."""
        with translated():
            return refund_snapshot(self._client.v1.refunds.retrieve(refund_ref, {"expand": WITH_MONEY}))
