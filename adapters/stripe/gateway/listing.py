"""Listing: the names of what was made at Stripe since a time, whether a webhook told us of it or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import PAGE, Connection, earliest
from adapters.stripe.mapping.reading import instant
from domain.payments.snapshots import ObjectKind, ObjectRef


class Made(Protocol):
    """What all of Stripe's objects have."""

    id: str
    created: int


class Listing(Connection):
    """The call that lists."""

    def made_since(self, kind: ObjectKind, since: datetime) -> Iterator[ObjectRef]:
        """Objects of the kind made since then or a little earlier, the newest first, page by page."""
        with translated():
            for made in self._made(kind, earliest(since)):
                yield ObjectRef(kind, made.id, instant(made.created))

    def _made(self, kind: ObjectKind, gte: int) -> Iterator[Made]:
        api = self._client.v1
        match kind:
            case ObjectKind.CHECKOUT:
                return api.checkout.sessions.list({"created": {"gte": gte}, "limit": PAGE}).auto_paging_iter()
            case ObjectKind.INTENT:
                return api.payment_intents.list({"created": {"gte": gte}, "limit": PAGE}).auto_paging_iter()
            case ObjectKind.REFUND:
                return api.refunds.list({"created": {"gte": gte}, "limit": PAGE}).auto_paging_iter()
            case ObjectKind.CHARGEBACK:
                return api.disputes.list({"created": {"gte": gte}, "limit": PAGE}).auto_paging_iter()
            case ObjectKind.PAYOUT:
                return api.payouts.list({"created": {"gte": gte}, "limit": PAGE}).auto_paging_iter()
            case ObjectKind.FRAUD_WARNING:
                return api.radar.early_fraud_warnings.list({"created": {"gte": gte}, "limit": PAGE}).auto_paging_iter()
            case _:
                raise ValueError(f"objects of the kind {kind} are never listed by time")
