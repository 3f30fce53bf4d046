"""Checks: card clearing is the sum of what the processor booked, and payouts in transit are those on their way."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from domain.clearing.model import PAYOUTS, BalanceTransaction
from domain.ledger.balances import posted_on
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding

SENT = case((PAYOUTS.c.movement_ref.is_not(None), 1), else_=0)
THERE = case((PAYOUTS.c.arrived_on.is_not(None) & PAYOUTS.c.undone_at.is_(None), 1), else_=0)
BACK = case((PAYOUTS.c.reversal_ref.is_not(None), 1), else_=0)
ON_THE_WAY = select(PAYOUTS.c.currency, func.sum(PAYOUTS.c.amount_minor * (SENT - THERE - BACK))).group_by(
    PAYOUTS.c.currency
)
REPORTED = select(BalanceTransaction.currency, func.sum(BalanceTransaction.net_minor)).group_by(
    BalanceTransaction.currency
)


def check_clearing(session: Session) -> Iterator[Finding]:
    """Every currency in which card clearing is not the sum of all movements, net of their fees."""
    words = "card clearing is not the sum of what the processor booked"
    yield from _compared(session, "clearing", words, LedgerAccount.CARD_CLEARING, REPORTED)


def check_payouts(session: Session) -> Iterator[Finding]:
    """Every currency in which payouts in transit are not those that were sent, have not arrived and are not back."""
    words = "payouts in transit are not the payouts that are on their way"
    yield from _compared(session, "payouts", words, LedgerAccount.PAYOUTS_IN_TRANSIT, ON_THE_WAY)


def _compared(
    session: Session, check: str, words: str, ledger_account: LedgerAccount, sums: Select[str, int]
) -> Iterator[Finding]:
    wanted = {currency: int(total) for currency, total in session.execute(sums)}
    posted = posted_on(session, ledger_account)
    for currency in sorted(wanted.keys() | posted.keys()):
        expected, found = wanted.get(currency, 0), posted.get(currency, 0)
        if expected != found:
            yield Finding(check, f"processor:{currency.lower()}", words, str(expected), str(found))
