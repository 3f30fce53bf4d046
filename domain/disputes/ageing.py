"""Ageing of what is disputed: how much of each bucket of the ageing customers contested on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables.ageing import LAST_DAYS, Bucket
from domain.receivables.due_days import due_then
from domain.receivables.model import Allocation, Invoice, InvoiceStatus
from domain.shared.clock import end_of_day
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.money import Money
from domain.stops.model import Stop, StopKind, StopLift


def disputed(
    session: Session, as_of: date, account_id: int | None = None, *, but: Collection[int] = ()
) -> dict[str, dict[Bucket, Money]]:
    """What was open and in dispute at the end of `as_of`, by currency and bucket; of one account, or of all.

    The invoices of `but` are left out.

    It is within the amounts of `receivables.ageing`, never more than those; buckets without any are left out.
    """
    found: defaultdict[str, dict[Bucket, Money]] = defaultdict(dict)
    of = None if account_id is None else [account_id]
    for row in session.execute(_contested(session, as_of, of, but), {"as_of": as_of}):
        amount = _amount(row)
        if amount:
            of_currency, bucket = found[row.currency], _bucket(row.due_on, as_of)
            of_currency[bucket] = of_currency.get(bucket, Money.zero(row.currency)) + amount
    return dict(found)


def late_by_account(
    session: Session, as_of: date, account_ids: Collection[int], *, but: Collection[int] = ()
) -> dict[int, Money]:
    """The same of each of these accounts, and only what was past its due day."""
    found: dict[int, Money] = {}
    for row in session.execute(_contested(session, as_of, account_ids, but), {"as_of": as_of}):
        if row.due_on < as_of:
            found[row.account_id] = found.get(row.account_id, Money.zero(row.currency)) + _amount(row)
    return found


@dataclass(frozen=True, slots=True)
class Contested:
    """An invoice of which something was open and in dispute."""

    invoice_id: int
    number: str
    account_id: int
    account_name: str
    due_on: date
    amount: Money


def contested_invoices(session: Session, as_of: date, currency: str) -> list[Contested]:
    """What `disputed` is made of in one currency, invoice by invoice, the longest due first."""
    query = (
        _contested(session, as_of, None, ())
        .add_columns(Invoice.id, Invoice.number, Account.name.label("account_name"))
        .join(Account, Account.id == Invoice.account_id)
        .where(Invoice.currency == currency)
    )
    found = [
        Contested(row.id, row.number, row.account_id, row.account_name, row.due_on, _amount(row))
        for row in session.execute(query, {"as_of": as_of})
    ]
    return sorted((one for one in found if one.amount), key=lambda one: (one.due_on, one.invoice_id))


def late_part(by_bucket: Mapping[Bucket, Money], currency: str) -> Money:
    """How much of what is in dispute is past its due day."""
    return Money.sum((amount for bucket, amount in by_bucket.items() if bucket is not Bucket.CURRENT), currency)


def _amount(row: AnyRow) -> Money:
    """What was contested of an invoice and open that day, never more than either."""
    return Money(max(0, min(row.open_minor + int(row.settled_since), int(row.contested))), row.currency)


def _contested(session: Session, as_of: date, account_ids: Collection[int] | None, but: Collection[int]) -> Select[Any]:
    """Each invoice that was in dispute that day: what was contested, what is open now, what was settled since."""
    held = (
        select(Stop.invoice_id, func.sum(Stop.amount_minor).label("minor"))
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .where(
            Stop.kind == StopKind.DISPUTE,
            Stop.from_on <= as_of,
            or_(Stop.until_on.is_(None), Stop.until_on >= as_of),
            or_(StopLift.id.is_(None), StopLift.lifted_at >= end_of_day(as_of, business(session).time_zone)),
        )
        .group_by(Stop.invoice_id)
    )
    if account_ids is not None:
        held = held.where(Stop.account_id.in_(account_ids))
    contested = held.subquery("contested")
    settled_since = select(func.coalesce(func.sum(Allocation.amount_minor), 0)).where(
        Allocation.invoice_id == Invoice.id, Allocation.effective_on > as_of
    )
    due_on = due_then(Invoice.__table__.c.id, Invoice.__table__.c.due_on, bindparam("as_of", type_=Date))
    return (
        select(
            Invoice.account_id,
            Invoice.currency,
            due_on.label("due_on"),
            Invoice.open_minor,
            settled_since.scalar_subquery().label("settled_since"),
            contested.c.minor.label("contested"),
        )
        .join(contested, contested.c.invoice_id == Invoice.id)
        .where(Invoice.status == InvoiceStatus.ISSUED, Invoice.id.not_in(but))
    )


def _bucket(due_on: date, as_of: date) -> Bucket:
    bounds = (bucket for bucket, last in LAST_DAYS.items() if due_on >= as_of - timedelta(days=last))
    return next(bounds, Bucket.OVER_120)
