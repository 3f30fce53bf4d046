"""Failed: what a customer reads about a bank payment that was on its way and did not come after all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.payments import late_failures
from domain.shared.db.session import now
from domain.shared.money import Money

TOLD_FOR = timedelta(days=30)
"""So long it is told on the home page."""


@dataclass(frozen=True, slots=True)
class FailedView:
    """One such payment: when it was started, why it did not come (a message id), and what of it can be paid again."""

    public_id: str
    amount: Money
    started_at: datetime
    why: str
    invoices: list[tuple[int, str]]


def failed_views(session: Session, account_id: int, being_paid: Collection[int]) -> list[FailedView]:
    """The payments that failed late and whose invoices are open, but for those that somebody is paying already."""
    views = []
    for row, opened in late_failures.unmended(session, account_id, since=now(session) - TOLD_FOR):
        invoices = [(line.id, line.number) for line in opened if line.id not in being_paid]
        if invoices:
            amount = Money(row.amount_minor, row.currency)
            views.append(FailedView(row.public_id, amount, row.created_at, row.why, invoices))
    return views
