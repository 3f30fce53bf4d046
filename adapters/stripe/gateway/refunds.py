"""Refunds: money sent back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from stripe.params import RefundCreateParams, RefundListParams

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
            "amount": to_stripe(request.amount),
            "expand": WITH_MONEY,
            "metadata": marks_of(
                {REFUND: request.refund_id, PAYMENT: request.payment_id}, request.installation, request.account_id
            ),
        }
        return {**_refunded(request.intent_id, request.charge_id), **body}

    def open_refund(self, body: Mapping[str, Any], *, key: str) -> RefundSnapshot:
        """Send money back with exactly this body; the same key and body send it once."""
        with translated():
            refund = self._client.v1.refunds.create(cast("RefundCreateParams", body), {"idempotency_key": key})
        return refund_snapshot(refund)

    def find_refund(self, refund_id: str, *, intent_id: str | None, charge_id: str | None) -> RefundSnapshot | None:
        """Our refund among those of the PaymentIntent, else of the charge, by its mark."""
        asked: RefundListParams = {"limit": PAGE, "expand": [f"data.{name}" for name in WITH_MONEY]}
        with translated():
            refunds = self._client.v1.refunds.list(
                cast("RefundListParams", {**asked, **_refunded(intent_id, charge_id)})
            )
            found = (refund_snapshot(refund) for refund in refunds.auto_paging_iter())
            return next((snapshot for snapshot in found if snapshot.refund_id == refund_id), None)

    def refund(self, refund_ref: str) -> RefundSnapshot:
        """One refund now, with its balance transactions."""
        with translated():
            return refund_snapshot(self._client.v1.refunds.retrieve(refund_ref, {"expand": WITH_MONEY}))


def _refunded(intent_id: str | None, charge_id: str | None) -> dict[str, Any]:
    """What is refunded, as Stripe wants it named: the PaymentIntent, or a charge that came without one of ours."""
    return {"payment_intent": intent_id} if intent_id is not None else {"charge": charge_id}
