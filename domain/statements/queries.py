"""Queries: an account's statement for any period, its movements with the balance after each, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from domain.disputes.ageing import disputed
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.receivables.ageing import ageing_of, apart, without
from domain.shared.db.base import Key
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.statements.adjusting import earlier
from domain.statements.agreements import agreements
from domain.statements.model import STATEMENTS
from domain.statements.view import Movement, Place, StatementView
from domain.statements.wording import say

ISSUED = (
    select(
        STATEMENTS.c.id,
        STATEMENTS.c.number,
        STATEMENTS.c.first_day,
        STATEMENTS.c.last_day,
        STATEMENTS.c.currency,
        STATEMENTS.c.opening_minor,
        STATEMENTS.c.closing_minor,
        STATEMENTS.c.document_id,
        STATEMENTS.c.issued_at,
    )
    .where(STATEMENTS.c.account_id == bindparam("account"))
    .order_by(STATEMENTS.c.last_day.desc(), STATEMENTS.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)


def statement(
    session: Session,
    account_id: int,
    first: date,
    last: date,
    *,
    after: Place | None = None,
    limit: int | None = None,
) -> StatementView:
    """The statement of an account from `first` to `last`, both included.

    With `limit`, at most so many movements, those that follow the place `after`. NotFound for no such account,
    Invalid when the period ends before it begins.
    """
    if last < first:
        raise Invalid(N_("The period ends on {last}, before it begins on {first}."), field="to", first=first, last=last)
    owed = balances.receivable(session, account_id)
    currency = owed.currency
    sums = session.execute(_sums(later=after is not None), _asked(account_id, first, last, after)).one()
    closing = owed - Money(int(sums.later), currency)
    charged, credited = Money(int(sums.charged), currency), Money(int(sums.credited), currency)
    opening = closing - charged - credited

    rows = balances.movements(session, account_id, first, last, after=after, limit=None if limit is None else limit + 1)
    page = rows if limit is None else rows[:limit]
    start = opening + Money(int(sums.shown), currency)
    agreed = agreements(session, account_id, currency)
    aged, apart_from_it = apart(session, ageing_of(session, account_id, last), account_id, agreed.invoice_ids)
    in_dispute = disputed(session, last, account_id, but=agreed.invoice_ids).get(currency, {})
    return StatementView(
        account_id=account_id,
        currency=currency,
        first=first,
        last=last,
        opening=opening,
        charged=charged,
        credited=credited,
        closing=closing,
        count=sums.entries,
        movements=_movements(session, page, start),
        following=(page[-1].effective_on, page[-1].entry_id) if len(rows) > len(page) else None,
        ageing=without(aged, in_dispute),
        agreed=apart_from_it,
        disputed=Money.sum(in_dispute.values(), currency),
        agreements=agreed,
        earlier=earlier(session, account_id, first),
    )


def issued_statements(session: Session, account_id: int, *, limit: int = 50) -> AnyRows:
    """The statements that were issued to an account, newest first, with the document of each."""
    return session.execute(ISSUED, {"account": account_id, "limit": limit}).all()


def _asked(account_id: int, first: date, last: date, after: Place | None) -> dict[str, object]:
    asked: dict[str, object] = {"account": account_id, "first": first, "last": last}
    return asked if after is None else asked | {"after_day": after[0], "after_id": after[1]}


@cache
def _sums(*, later: bool) -> Select[Any]:
    """What moved in the period, in it before the page, and after it; nothing before the period is read.

    `later` says that the page is not the first.
    """
    amount, day = POSTINGS.c.amount, ENTRIES.c.effective_on
    after_day, after_id = bindparam("after_day", type_=Date), bindparam("after_id", type_=Key)
    inside = day <= bindparam("last", type_=Date)
    shown = or_(day < after_day, and_(day == after_day, ENTRIES.c.id <= after_id)) if later else false()
    columns = {
        "later": _sum_where(~inside),
        "charged": _sum_where(and_(inside, amount > 0)),
        "credited": _sum_where(and_(inside, amount < 0)),
        "shown": _sum_where(and_(inside, shown)),
        "entries": func.count(ENTRIES.c.id.distinct()).filter(inside),
    }
    return (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(ENTRIES)
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(
            ENTRIES.c.account_id == bindparam("account"),
            day >= bindparam("first"),
            POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value,
        )
    )


def _sum_where(condition: Any) -> Any:
    """The sum of the postings for which `condition` holds, zero for none."""
    return func.coalesce(func.sum(POSTINGS.c.amount).filter(condition), 0)


def _movements(session: Session, rows: Sequence[AnyRow], start: Money) -> tuple[Movement, ...]:
    balance, found = start, []
    for row, said in zip(rows, say(session, rows), strict=True):
        amount = Money(row.amount, start.currency)
        balance = balance + amount
        found.append(
            Movement(row.entry_id, row.effective_on, row.occurred_on, said.words, said.subject, amount, balance)
        )
    return tuple(found)
