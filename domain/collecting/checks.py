"""Checks: a collection is done just where its payment has succeeded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.collecting.model import Collection, CollectionState
from domain.ledger.findings import Finding
from domain.payments.model import Payment, PaymentStatus

CONTRADICTED = (
    select(Collection.id, Collection.state, Payment.status)
    .join(Payment, Payment.id == Collection.payment_id)
    .where((Collection.state == CollectionState.DONE) != (Payment.status == PaymentStatus.SUCCEEDED))
    .order_by(Collection.id)
)


def check_collections(session: Session) -> Iterator[Finding]:
    """Every collection that does not agree with its payment on whether the money came."""
    for row in session.execute(CONTRADICTED):
        words = f"a collection that is {row.state} has a payment that is {row.status}"
        yield Finding("collection", f"collection:{row.id}", words, "done just where it was paid", row.state.value)
