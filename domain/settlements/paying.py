"""Paying: how money for an accepted offer is spread over its invoices."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.settlements import queries
from domain.shared.money import Money


def spread(session: Session, offer_id: int, amount: Money) -> dict[int, Money]:
    """Which invoices of an offer an amount pays, the oldest due first; as much of it as is open."""
    rest, found = amount, {}
    for row in queries.invoices(session, offer_id):
        part = min(rest, Money(row.open_minor, amount.currency))
        if part:
            found[row.id] = part
            rest -= part
    return found
