"""Ledgers: what the entries themselves say of an account, to hold what is read elsewhere against."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.ledger.balances import receivable
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.shared.money import Money


def owed_on(session: Session, account_id: int, day: date) -> Money:
    """What an account owed at the end of a day: the sum of its postings that took effect by then."""
    total = (
        select(func.coalesce(func.sum(POSTINGS.c.amount), 0))
        .join_from(POSTINGS, ENTRIES)
        .where(
            POSTINGS.c.account_id == account_id,
            POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value,
            ENTRIES.c.effective_on <= day,
        )
    )
    return Money(int(session.execute(total).scalar_one()), receivable(session, account_id).currency)
