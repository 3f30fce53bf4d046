"""Checks: card clearing is the sum of what the processor booked."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.clearing.model import BalanceTransaction
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.ledger.model import POSTINGS


def check_clearing(session: Session) -> Iterator[Finding]:
    """Every currency in which card clearing is not the sum of all movements, net of their fees."""
    reported = dict(
        session.execute(
            select(BalanceTransaction.currency, func.sum(BalanceTransaction.net_minor)).group_by(
                BalanceTransaction.currency
            )
        ).all()
    )
    posted = dict(
        session.execute(
            select(POSTINGS.c.currency, func.sum(POSTINGS.c.amount))
            .where(POSTINGS.c.ledger_account == LedgerAccount.CARD_CLEARING.value)
            .group_by(POSTINGS.c.currency)
        ).all()
    )
    for currency in sorted(reported.keys() | posted.keys()):
        expected, found = int(reported.get(currency, 0)), int(posted.get(currency, 0))
        if expected != found:
            words = "card clearing is not the sum of what the processor booked"
            yield Finding("clearing", f"processor:{currency.lower()}", words, str(expected), str(found))
