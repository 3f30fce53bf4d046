"""Adjusting: what became known of an earlier period only after its statement had been issued."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS, STREAMS
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money
from domain.statements.model import STATEMENTS
from domain.statements.view import Earlier, Movement
from domain.statements.wording import say

LAST_BEFORE = (
    select(STATEMENTS)
    .where(STATEMENTS.c.account_id == bindparam("account"), STATEMENTS.c.last_day < bindparam("before"))
    .order_by(STATEMENTS.c.last_day.desc(), STATEMENTS.c.id.desc())
    .limit(1)
)


def earlier(session: Session, account_id: int, before: date) -> Earlier | None:
    """The last statement issued for days before `before`, and the entries on its days that it could not know."""
    issued = session.execute(LAST_BEFORE, {"account": account_id, "before": before}).one_or_none()
    if issued is None:
        return None
    rows = session.execute(_recorded_since(issued)).all()
    adjustments = tuple(
        Movement(
            entry_id=row.entry_id,
            on=row.effective_on,
            occurred_on=row.occurred_on,
            words=said.words,
            subject=said.subject,
            amount=Money(int(row.amount), issued.currency),
            balance=None,
        )
        for row, said in zip(rows, say(session, rows), strict=True)
    )
    return Earlier(issued.number, issued.last_day, Money(issued.closing_minor, issued.currency), adjustments)


def _recorded_since(issued: AnyRow) -> Select[Any]:
    return (
        select(
            ENTRIES.c.id.label("entry_id"),
            ENTRIES.c.effective_on,
            ENTRIES.c.occurred_on,
            ENTRIES.c.kind,
            ENTRIES.c.source,
            func.sum(POSTINGS.c.amount).label("amount"),
        )
        .join_from(ENTRIES, STREAMS, STREAMS.c.id == ENTRIES.c.stream_id)
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(
            STREAMS.c.account_id == issued.account_id,
            ENTRIES.c.seq > issued.through_seq,
            ENTRIES.c.effective_on <= issued.last_day,
            POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value,
        )
        .group_by(ENTRIES.c.id)
        .order_by(ENTRIES.c.effective_on, ENTRIES.c.id)
    )
