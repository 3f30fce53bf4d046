"""Latest: the last few movements of an account, newest first, with what was owed after each."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.shared.money import Money
from domain.statements.view import Movement
from domain.statements.wording import say


def latest_movements(session: Session, account_id: int, count: int) -> list[Movement]:
    """The newest `count` movements; the balance runs backwards from what is owed now."""
    rows = session.execute(
        select(
            ENTRIES.c.id.label("entry_id"),
            ENTRIES.c.kind,
            ENTRIES.c.source,
            ENTRIES.c.effective_on,
            ENTRIES.c.occurred_on,
            POSTINGS.c.amount,
        )
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(ENTRIES.c.account_id == account_id, POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value)
        .order_by(ENTRIES.c.effective_on.desc(), ENTRIES.c.id.desc())
        .limit(count)
    ).all()
    balance = balances.receivable(session, account_id)
    found = []
    for row, said in zip(rows, say(session, rows), strict=True):
        amount = Money(row.amount, balance.currency)
        found.append(
            Movement(row.entry_id, row.effective_on, row.occurred_on, said.words, said.subject, amount, balance)
        )
        balance = balance - amount
    return found
