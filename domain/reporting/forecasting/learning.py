"""Learning: the delays of every account, read from what it paid, and kept for the forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVarTuple

from sqlalchemy import Date, Select, delete, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import ACCOUNTS
from domain.policies.model import GroupMember
from domain.receivables.due_days import days_after
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceKind, InvoiceStatus
from domain.reporting.forecasting.delays import MONTH_DAYS, MONTHS, THOUSAND, Delays, learned, shrunk
from domain.reporting.kept.model import DELAYS
from domain.shared.db.session import today

Columns = TypeVarTuple("Columns")
LOOKED_BACK = timedelta(days=MONTHS * MONTH_DAYS)


@dataclass(frozen=True, slots=True)
class Everybody:
    """The delays of the whole business and of each group of accounts, each group's with the whole beside its own."""

    whole: Delays
    groups: Mapping[int, Delays] = field(default_factory=dict)


def learned_of(session: Session, account_ids: Collection[int]) -> list[dict[str, object]]:
    """How late these accounts pay, from what they paid until yesterday: a row for each that has paid anything."""
    day = today(session)
    paid, invoices = _paid(day, account_ids), _invoices(day, account_ids)
    counted = {row.account_id: row.invoices for row in session.execute(invoices)}
    rows: list[dict[str, object]] = []
    for account_id, group in groupby(session.execute(paid), key=lambda row: int(row.account_id)):
        delays = learned((int(row.days), int(row.months), int(row.thousandths)) for row in group)
        if delays:
            rows.append(
                {
                    "account_id": account_id,
                    "learned_on": day,
                    "invoices": counted[account_id],
                    "delays": {str(days): thousandths for days, thousandths in delays.items()},
                }
            )
    return rows


def keep(session: Session, account_ids: Collection[int], rows: Sequence[dict[str, object]]) -> int:
    """Keep what was learned of these accounts in place of what was kept of them; how many it is of. Safe to repeat."""
    session.execute(delete(DELAYS).where(DELAYS.c.account_id.in_(account_ids)))
    if rows:
        session.execute(insert(DELAYS), rows)
    return len(rows)


def accounts_after(session: Session, account_id: int, most: int) -> Sequence[int]:
    """The next accounts after this one, so many at most: all are gone through in turn."""
    ids = select(ACCOUNTS.c.id).where(ACCOUNTS.c.id > account_id).order_by(ACCOUNTS.c.id).limit(most)
    return session.scalars(ids).all()


def known(session: Session, account_ids: Collection[int]) -> dict[int, Delays]:
    """The delays that were learned last of these accounts; without any an account is left out."""
    rows = session.execute(select(DELAYS.c.account_id, DELAYS.c.delays).where(DELAYS.c.account_id.in_(account_ids)))
    return {row.account_id: _read(row.delays) for row in rows}


def is_stale(session: Session) -> bool:
    """Whether something was not learned today, or nothing ever was."""
    oldest = session.scalar(select(func.min(DELAYS.c.learned_on)))
    return oldest is None or oldest < today(session)


def everybody(session: Session) -> Everybody:
    """The delays of all accounts together, and those of each group; one pass over what was learned."""
    whole: dict[int, int] = {}
    groups: dict[int, dict[int, int]] = defaultdict(dict)
    rows = session.execute(
        select(DELAYS.c.delays, GroupMember.group_id)
        .outerjoin_from(DELAYS, GroupMember.__table__, GroupMember.account_id == DELAYS.c.account_id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        for into in (whole,) if row.group_id is None else (whole, groups[row.group_id]):
            for days, thousandths in row.delays.items():
                into[int(days)] = into.get(int(days), 0) + thousandths
    return Everybody(whole, {group_id: shrunk(delays, whole) for group_id, delays in groups.items()})


def groups_of(session: Session, account_ids: Collection[int]) -> dict[int, int]:
    """The group of each of these accounts that is in one."""
    members = select(GroupMember.account_id, GroupMember.group_id).where(GroupMember.account_id.in_(account_ids))
    return {row.account_id: row.group_id for row in session.execute(members)}


def _read(kept: Mapping[str, int]) -> Delays:
    return {int(days): thousandths for days, thousandths in kept.items()}


def _paid(day: date, account_ids: Collection[int]) -> Select[int, int, int, int]:
    """Thousandths of invoices by account, days after the due day that holds, and months ago."""
    paid_on = Allocation.effective_on
    days = (days_after(Invoice.due_on, paid_on) - days_after(paid_on, Invoice.due_on)).label("days")
    months = (days_after(paid_on, literal(day, Date)) // MONTH_DAYS).label("months")
    thousandths = func.sum(Allocation.amount_minor * THOUSAND // Invoice.amount_minor).label("thousandths")
    return (
        _payments(select(Allocation.account_id, days, months, thousandths), day, account_ids)
        .group_by(Allocation.account_id, days, months)
        .order_by(Allocation.account_id)
    )


def _invoices(day: date, account_ids: Collection[int]) -> Select[int, int]:
    counted = func.count(Allocation.invoice_id.distinct()).label("invoices")
    return _payments(select(Allocation.account_id, counted), day, account_ids).group_by(Allocation.account_id)


def _payments(query: Select[*Columns], day: date, account_ids: Collection[int]) -> Select[*Columns]:
    """A query over what was paid of invoices before a day, and not taken back until then."""
    taken_back = aliased(Allocation)
    undone = select(literal(1)).where(taken_back.reverses_id == Allocation.id, taken_back.effective_on < day)
    return (
        query.join(Invoice, Invoice.id == Allocation.invoice_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            Allocation.account_id.in_(account_ids),
            Allocation.effective_on >= day - LOOKED_BACK,
            Allocation.effective_on < day,
            Allocation.reverses_id.is_(None),
            CreditItem.kind == CreditKind.PAYMENT,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            ~undone.exists(),
        )
    )
