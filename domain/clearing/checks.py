"""Checks: card clearing is the sum of what the processor booked, and payouts in transit are those on their way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.clearing.model import PAYOUTS, BalanceTransaction
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
    words = "card clearing is not the sum of what the processor booked"
    yield from _compared(session, "clearing", words, LedgerAccount.CARD_CLEARING, reported)


def check_payouts(session: Session) -> Iterator[Finding]:
    """Every currency in which payouts in transit are not those that were sent, have not arrived and are not back."""
    sent = case((PAYOUTS.c.movement_ref.is_not(None), 1), else_=0)
    there = case((PAYOUTS.c.arrived_on.is_not(None) & PAYOUTS.c.undone_at.is_(None), 1), else_=0)
    back = case((PAYOUTS.c.reversal_ref.is_not(None), 1), else_=0)
    on_the_way = dict(
        session.execute(
            select(PAYOUTS.c.currency, func.sum(PAYOUTS.c.amount_minor * (sent - there - back))).group_by(
                PAYOUTS.c.currency
            )
        ).all()
    )
    words = "payouts in transit are not the payouts that are on their way"
    yield from _compared(session, "payouts", words, LedgerAccount.PAYOUTS_IN_TRANSIT, on_the_way)


def _compared(
    session: Session, check: str, words: str, ledger_account: LedgerAccount, wanted: Mapping[str, int]
) -> Iterator[Finding]:
    posted = dict(
        session.execute(
            select(POSTINGS.c.currency, func.sum(POSTINGS.c.amount))
            .where(POSTINGS.c.ledger_account == ledger_account.value)
            .group_by(POSTINGS.c.currency)
        ).all()
    )
    for currency in sorted(wanted.keys() | posted.keys()):
        expected, found = int(wanted.get(currency, 0)), int(posted.get(currency, 0))
        if expected != found:
            yield Finding(check, f"processor:{currency.lower()}", words, str(expected), str(found))
