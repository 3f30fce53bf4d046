"""Owing: accounts by what is open or late on them all together, as the list of accounts shows it."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.accounts import searching
from domain.accounts.model import ACCOUNTS
from domain.accounts.searching import Found
from domain.finding.asking import LOOKED_AT, OF_ITS_SUM, Hit, Kind, Question
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

OPEN, LATE, BOTH = (
    Words.of(N_("open on the account")),
    Words.of(N_("late on the account")),
    Words.of(N_("open on the account, all of it late")),
)


def owing(session: Session, asked: Question) -> list[Hit]:
    """The accounts on which one of the amounts is open, or late; nothing where no amount is asked for.

    What is open is added up once, by the index that holds nothing else, and only what fits is looked at further.
    """
    if not (minors := asked.minors):
        return []
    still = func.sum(Invoice.open_minor)
    late = func.coalesce(still.filter(Invoice.due_on < today(session)), 0)
    sums = (
        select(Invoice.account_id, still.label("open"), late.label("late"))
        .where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .group_by(Invoice.account_id)
        .having(or_(still.in_(minors), late.in_(minors)))
        .limit(LOOKED_AT)
    )
    found = {row.account_id: (int(row.open), int(row.late)) for row in session.execute(sums)}
    if not found:
        return []
    rows = session.execute(select(*searching.LISTED).where(ACCOUNTS.c.id.in_(found)).order_by(ACCOUNTS.c.name))
    hits = (_hit(asked, Found(*row), *found[row.id]) for row in rows)
    return [hit for hit in hits if hit is not None]


def _hit(asked: Question, one: Found, still: int, late: int) -> Hit | None:
    """The account, where the amount is meant in its currency."""
    is_open, is_late = asked.means(still, one.currency), asked.means(late, one.currency)
    if not is_open and not is_late:
        return None
    said = BOTH if is_open and is_late else OPEN if is_open else LATE
    amount = Money(still if is_open else late, one.currency)
    return Hit(
        Kind.ACCOUNT, one.id, one.name, OF_ITS_SUM, one.id, more=one.number, said=said, amount=amount, is_amount=True
    )
