"""Aged rows: what the ageing of a day is made of: by account, invoice and credit; each by one pass over the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Subquery

from domain.accounts.model import Account
from domain.receivables.ageing import BUCKETS, Bucket, bounds, bucket_of, dated, free_then
from domain.receivables.model import CreditItem, CreditKind, Invoice
from domain.shared.money import Money

LATE = "late"
"""Stands for every bucket but the current one."""


class Order(StrEnum):
    """By what accounts are ordered: the largest first."""

    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class AgedInvoice:
    """An invoice that had something open; `due_on` as it stood that day."""

    invoice_id: int
    number: str
    account_id: int
    account_name: str
    issued_on: date
    due_on: date
    amount: Money
    open: Money
    days_late: int


@dataclass(frozen=True, slots=True)
class AgedAccount:
    """What an account owed in each bucket, on how many invoices, and since when the oldest of it was due."""

    account_id: int
    number: str
    name: str
    buckets: Mapping[Bucket, Money]
    invoices: int
    oldest_due_on: date

    @property
    def open(self) -> Money:
        """The sum of its buckets."""
        first, *others = self.buckets.values()
        return Money.sum((first, *others), first.currency)

    @property
    def late(self) -> Money:
        """What of that was past its due day."""
        return self.open - self.buckets[Bucket.CURRENT]


@dataclass(frozen=True, slots=True)
class FreeCredit:
    """A credit of which something was not applied."""

    account_id: int
    account_name: str
    kind: CreditKind
    effective_on: date
    amount: Money
    free: Money


@dataclass(frozen=True, slots=True)
class AgedGroup:
    """What accounts owed that share something: `key` is None for those that have no such thing."""

    key: str | None
    accounts: int
    open: Money
    late: Money
    over_90: Money


def aged_invoices(
    session: Session,
    as_of: date,
    currency: str,
    *,
    bucket: str = "",
    account_id: int | None = None,
    among: ColumnElement[bool] | None = None,
    limit: int | None = None,
) -> list[AgedInvoice]:
    """The invoices behind the ageing of a day, the longest due first; of a bucket, of LATE, or all.

    `among` is a condition on the accounts.
    """
    aged = _aged(account_id is not None)
    query = (
        select(
            aged.c.id,
            Invoice.number,
            aged.c.account_id,
            Account.name.label("account_name"),
            Invoice.issued_on,
            aged.c.due_on,
            Invoice.amount_minor,
            aged.c.open_minor,
        )
        .join(Invoice, Invoice.id == aged.c.id)
        .join(Account, Account.id == aged.c.account_id)
        .where(aged.c.currency == currency)
        .order_by(aged.c.due_on, aged.c.id)
        .limit(limit)
    )
    if bucket:
        query = query.where(aged.c.bucket != Bucket.CURRENT if bucket == LATE else aged.c.bucket == bucket)
    if among is not None:
        query = query.where(among)
    return [
        AgedInvoice(
            invoice_id=row.id,
            number=row.number,
            account_id=row.account_id,
            account_name=row.account_name,
            issued_on=row.issued_on,
            due_on=row.due_on,
            amount=Money(row.amount_minor, currency),
            open=Money(int(row.open_minor), currency),
            days_late=max((as_of - row.due_on).days, 0),
        )
        for row in session.execute(query, _asked(as_of, account_id))
    ]


def aged_accounts(
    session: Session,
    as_of: date,
    currency: str,
    *,
    order: Order = Order.LATE,
    among: ColumnElement[bool] | None = None,
    limit: int | None = None,
) -> list[AgedAccount]:
    """The accounts that owed something, those that owed most, or were most in arrears, first."""
    aged = _aged(False).c
    each = [_part(aged.open_minor, aged.bucket == bucket).label(f"b{place}") for place, bucket in enumerate(BUCKETS)]
    late, whole = _part(aged.open_minor, aged.bucket != Bucket.CURRENT), func.sum(aged.open_minor)
    largest = late if order is Order.LATE else whole
    sums = (
        select(
            aged.account_id,
            Account.number,
            Account.name,
            func.count().label("invoices"),
            func.min(aged.due_on).label("oldest"),
            *each,
        )
        .join(Account, Account.id == aged.account_id)
        .where(aged.currency == currency)
        .group_by(aged.account_id, Account.number, Account.name)
        .order_by(largest.desc(), whole.desc(), aged.account_id)
    )
    if among is not None:
        sums = sums.where(among)
    return [
        AgedAccount(
            account_id=row.account_id,
            number=row.number,
            name=row.name,
            buckets={bucket: Money(getattr(row, f"b{place}"), currency) for place, bucket in enumerate(BUCKETS)},
            invoices=row.invoices,
            oldest_due_on=row.oldest,
        )
        for row in session.execute(sums.limit(limit), _asked(as_of))
    ]


def free_credits(
    session: Session, as_of: date, currency: str, *, account_id: int | None = None, limit: int | None = None
) -> list[FreeCredit]:
    """The credits of which something was not applied at the end of a day, the largest first."""
    free = free_then(account_id is not None).subquery("free").c
    query = (
        select(
            free.account_id,
            Account.name.label("account_name"),
            CreditItem.kind,
            CreditItem.effective_on,
            CreditItem.amount_minor,
            free.minor,
        )
        .join(CreditItem, CreditItem.id == free.id)
        .join(Account, Account.id == free.account_id)
        .where(free.currency == currency)
        .order_by(free.minor.desc(), free.id)
        .limit(limit)
    )
    return [
        FreeCredit(
            account_id=row.account_id,
            account_name=row.account_name,
            kind=row.kind,
            effective_on=row.effective_on,
            amount=Money(row.amount_minor, currency),
            free=Money(int(row.minor), currency),
        )
        for row in session.execute(query, _asked(as_of, account_id))
    ]


def free_by_account(session: Session, as_of: date, currency: str) -> dict[int, Money]:
    """The unapplied credit of each account that had any at the end of a day."""
    free = free_then(False).subquery("free").c
    query = (
        select(free.account_id, cast(func.sum(free.minor), BigInteger).label("minor"))
        .where(free.currency == currency)
        .group_by(free.account_id)
    )
    return {row.account_id: Money(row.minor, currency) for row in session.execute(query, _asked(as_of))}


def aged_groups(session: Session, as_of: date, currency: str, keyed: Select[int, Any]) -> list[AgedGroup]:
    """What accounts owed by something that they share, those most in arrears first.

    `keyed` selects account ids (`id`) with that something, as text (`key`).
    """
    aged, shared = _aged(False), keyed.subquery("keyed")
    late, whole = _part(aged.c.open_minor, aged.c.bucket != Bucket.CURRENT), func.sum(aged.c.open_minor)
    query = (
        select(
            shared.c.key,
            func.count(aged.c.account_id.distinct()).label("accounts"),
            cast(whole, BigInteger).label("whole"),
            late.label("late"),
            _part(aged.c.open_minor, aged.c.bucket.in_([Bucket.DAYS_91_120, Bucket.OVER_120])).label("old"),
        )
        .join_from(aged, shared, shared.c.id == aged.c.account_id, isouter=True)
        .where(aged.c.currency == currency)
        .group_by(shared.c.key)
        .order_by(late.desc(), whole.desc())
    )
    return [
        AgedGroup(
            key=row.key,
            accounts=row.accounts,
            open=Money(row.whole, currency),
            late=Money(row.late, currency),
            over_90=Money(row.old, currency),
        )
        for row in session.execute(query, _asked(as_of))
    ]


def _aged(of_one: bool) -> Subquery:
    """Each open invoice with its due day and bucket as of AS_OF."""
    found = dated(of_one).c
    return select(
        found.id,
        found.account_id,
        found.currency,
        found.open_minor,
        found.due_on,
        bucket_of(found.due_on).label("bucket"),
    ).subquery("aged")


def _part(minor: ColumnElement[Any], holds: ColumnElement[bool]) -> ColumnElement[int]:
    """The sum of what it holds for, in whole numbers on both databases."""
    return cast(func.coalesce(func.sum(case((holds, minor), else_=0)), 0), BigInteger)


def _asked(as_of: date, account_id: int | None = None) -> dict[str, object]:
    asked: dict[str, object] = {"as_of": as_of, **bounds(as_of)}
    return asked if account_id is None else asked | {"account": account_id}
