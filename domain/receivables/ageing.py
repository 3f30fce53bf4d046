"""Ageing: what was open on any day, by how long it had been due, with unapplied credit in a column of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Subquery, bindparam, case, func, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables.due_days import due_then
from domain.receivables.model import OPEN, UNAPPLIED, Allocation, CreditItem, Invoice, InvoiceStatus, Withdrawal
from domain.shared.db.base import Key
from domain.shared.errors import N_
from domain.shared.home import home_first
from domain.shared.money import Money


class Bucket(StrEnum):
    """How long an open amount has been due: bounds that neither overlap nor leave a gap."""

    CURRENT = "current"
    DAYS_1_30 = "1-30"
    DAYS_31_60 = "31-60"
    DAYS_61_90 = "61-90"
    DAYS_91_120 = "91-120"
    OVER_120 = "over-120"


BUCKETS = tuple(Bucket)
"""All buckets, from what is not yet due (or due today) to the oldest."""

BUCKET_NAMES = {
    Bucket.CURRENT: N_("Not yet due"),
    Bucket.DAYS_1_30: N_("1–30 days late"),
    Bucket.DAYS_31_60: N_("31–60 days late"),
    Bucket.DAYS_61_90: N_("61–90 days late"),
    Bucket.DAYS_91_120: N_("91–120 days late"),
    Bucket.OVER_120: N_("Over 120 days late"),
}
"""What each bucket is called on screens and papers."""

LAST_DAYS = {
    Bucket.CURRENT: 0,
    Bucket.DAYS_1_30: 30,
    Bucket.DAYS_31_60: 60,
    Bucket.DAYS_61_90: 90,
    Bucket.DAYS_91_120: 120,
}
"""The most days late that a bucket holds; whatever is later is in the last one."""

INVOICES = Invoice.__table__.c
ALLOCATIONS = Allocation.__table__.c
CREDITS = CreditItem.__table__.c
WITHDRAWALS = Withdrawal.__table__.c
AS_OF: ColumnElement[date] = bindparam("as_of", type_=Date)


@dataclass(frozen=True, slots=True)
class Share:
    """An amount, and of how many invoices (or credits) it is the sum."""

    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """What was open on a day in one currency. `credit` is the unapplied credit, counted against it in `total`."""

    as_of: date
    currency: str
    buckets: Mapping[Bucket, Share]
    credit: Share

    @property
    def amounts(self) -> list[tuple[str, Money]]:
        """Each bucket's name and amount, in their order."""
        return [(bucket.value, share.amount) for bucket, share in self.buckets.items()]

    @property
    def open(self) -> Money:
        """The sum of all buckets."""
        return Money.sum((share.amount for share in self.buckets.values()), self.currency)

    @property
    def open_count(self) -> int:
        """How many invoices have something open."""
        return sum(share.count for share in self.buckets.values())

    @property
    def current(self) -> Money:
        """What was open and not yet late."""
        return self.buckets[Bucket.CURRENT].amount

    @property
    def late(self) -> Money:
        """What was open and past its due date."""
        return self.open - self.current

    @property
    def total(self) -> Money:
        """The receivable: open less unapplied credit."""
        return self.open - self.credit.amount


def ageing(session: Session, as_of: date) -> dict[str, Ageing]:
    """The ageing of the whole business at the end of `as_of`, by currency (only those that have something)."""
    return _ageing(session, as_of, None)


def ageing_of(session: Session, account_id: int, as_of: date) -> Ageing:
    """The ageing of one account at the end of `as_of`, in its own currency."""
    found = _ageing(session, as_of, account_id)
    if found:
        return next(iter(found.values()))
    currency = session.execute(select(Account.currency).where(Account.id == account_id)).scalar_one()
    return _put_together(as_of, currency, {}, None)


def apart(session: Session, whole: Ageing, account_id: int, invoice_ids: Collection[int]) -> tuple[Ageing, Share]:
    """The ageing of an account without some of its invoices, and what was open on those."""
    if not invoice_ids:
        return whole, Share(Money.zero(whole.currency), 0)
    buckets, taken = dict(whole.buckets), Share(Money.zero(whole.currency), 0)
    asked = {"as_of": whole.as_of, "account": account_id, "invoices": list(invoice_ids)} | bounds(whole.as_of)
    for row in session.execute(_by_bucket(of_one=True, of_some=True), asked):
        share = Share(Money(int(row.minor), whole.currency), row.items)
        buckets[Bucket(row.bucket)] = _less(buckets[Bucket(row.bucket)], share)
        taken = Share(taken.amount + share.amount, taken.count + share.count)
    return replace(whole, buckets=MappingProxyType(buckets)), taken


def without(whole: Ageing, parts: Mapping[Bucket, Money]) -> Ageing:
    """An ageing less these amounts of its buckets; how many invoices there are stays as it is."""
    buckets = {
        bucket: Share(share.amount - parts[bucket], share.count) if bucket in parts else share
        for bucket, share in whole.buckets.items()
    }
    return replace(whole, buckets=MappingProxyType(buckets))


def _less(share: Share, part: Share) -> Share:
    return Share(share.amount - part.amount, share.count - part.count)


def _ageing(session: Session, as_of: date, account_id: int | None) -> dict[str, Ageing]:
    shares: dict[str, dict[Bucket, Share]] = defaultdict(dict)
    of_one = account_id is not None
    asked = {"as_of": as_of, "account": account_id} if of_one else {"as_of": as_of}
    for row in session.execute(_by_bucket(of_one), asked | bounds(as_of)):
        shares[row.currency][Bucket(row.bucket)] = Share(Money(int(row.minor), row.currency), row.items)
    credits_ = {
        row.currency: Share(Money(int(row.minor), row.currency), row.items)
        for row in session.execute(_unapplied(of_one), asked)
    }
    return {
        currency: _put_together(as_of, currency, shares.get(currency, {}), credits_.get(currency))
        for currency in home_first(session, shares.keys() | credits_.keys())
    }


def bounds(as_of: date) -> dict[str, date]:
    """The first due day of each bucket but the last, by its name: what `bucket_of` is given."""
    return {bucket.value: as_of - timedelta(days=last) for bucket, last in LAST_DAYS.items()}


def _put_together(as_of: date, currency: str, shares: Mapping[Bucket, Share], credit: Share | None) -> Ageing:
    nothing = Share(Money.zero(currency), 0)
    buckets = MappingProxyType({bucket: shares.get(bucket, nothing) for bucket in BUCKETS})
    return Ageing(as_of, currency, buckets, credit or nothing)


def open_then(of_one: bool) -> Select[Any]:
    """Each invoice that had something open at the end of AS_OF: id, account_id, currency, due_on, open_minor.

    That is the amount less the allocations effective by then, reckoned backwards: what is open now and what was
    allocated since. So it costs as much as there is open and as has happened since, however long the history.
    Only invoices issued by then, and no void ones.
    """
    columns = (INVOICES.id, INVOICES.account_id, INVOICES.currency, INVOICES.due_on, INVOICES.issued_on)
    still_open = select(*columns, INVOICES.open_minor.label("minor")).where(OPEN, *_only(INVOICES.account_id, of_one))
    settled_since = (
        select(*columns, ALLOCATIONS.amount_minor.label("minor"))
        .join_from(Allocation.__table__, Invoice.__table__, ALLOCATIONS.invoice_id == INVOICES.id)
        .where(*_since(of_one), INVOICES.status == InvoiceStatus.ISSUED)
    )
    found = union_all(still_open, settled_since).subquery("found").c
    grouped = (found.id, found.account_id, found.currency, found.due_on)
    open_minor = func.sum(found.minor)
    return (
        select(*grouped, open_minor.label("open_minor"))
        .group_by(*grouped)
        .having(open_minor != 0, _by_then(found.issued_on))
    )


def dated(of_one: bool) -> Subquery:
    """What `open_then` finds, with the due day as it stood that day.

    The offset keeps planners from looking each day up once for every bucket that it is compared with.
    """
    found = open_then(of_one).subquery("open_then").c
    due_on = due_then(found.id, found.due_on, AS_OF).label("due_on")
    return select(found.id, found.account_id, found.currency, found.open_minor, due_on).offset(0).subquery("dated")


@cache
def _by_bucket(of_one: bool, of_some: bool = False) -> Select[Any]:
    """Of one account, of some of its invoices, or of all; made once, because making it takes longer than running it."""
    found = dated(of_one).c
    each = select(found.currency, found.open_minor, bucket_of(found.due_on).label("bucket"))
    if of_some:
        each = each.where(found.id.in_(bindparam("invoices", expanding=True)))
    aged = each.subquery("aged").c
    return select(
        aged.currency, aged.bucket, func.sum(aged.open_minor).label("minor"), func.count().label("items")
    ).group_by(aged.currency, aged.bucket)


def bucket_of(due_on: ColumnElement[date]) -> ColumnElement[str]:
    """The bucket of a due day; `bounds` of the day give it its dates, so that neither database computes with days."""
    steps = [(due_on >= bindparam(bucket.value, type_=Date), bucket.value) for bucket in LAST_DAYS]
    return case(*steps, else_=Bucket.OVER_120.value)


@cache
def _unapplied(of_one: bool) -> Select[Any]:
    free = free_then(of_one).subquery("free").c
    return select(free.currency, func.sum(free.minor).label("minor"), func.count().label("items")).group_by(
        free.currency
    )


def free_then(of_one: bool) -> Select[Any]:
    """Each credit of which something was not applied at the end of AS_OF: id, account_id, currency, minor."""
    columns = (CREDITS.id, CREDITS.account_id, CREDITS.currency, CREDITS.effective_on)
    still_free = select(*columns, CREDITS.unapplied_minor.label("minor")).where(
        UNAPPLIED, CREDITS.voided_at.is_(None), *_only(CREDITS.account_id, of_one)
    )
    applied_since = (
        select(*columns, ALLOCATIONS.amount_minor.label("minor"))
        .join_from(Allocation.__table__, CreditItem.__table__, ALLOCATIONS.credit_item_id == CREDITS.id)
        .where(*_since(of_one), CREDITS.voided_at.is_(None))
    )
    withdrawn_since = (
        select(*columns, WITHDRAWALS.amount_minor.label("minor"))
        .join_from(Withdrawal.__table__, CreditItem.__table__, WITHDRAWALS.credit_item_id == CREDITS.id)
        .where(WITHDRAWALS.effective_on > AS_OF, *_only(WITHDRAWALS.account_id, of_one), CREDITS.voided_at.is_(None))
    )
    found = union_all(still_free, applied_since, withdrawn_since).subquery("found").c
    left = func.sum(found.minor)
    return (
        select(found.id, found.account_id, found.currency, left.label("minor"))
        .group_by(found.id, found.account_id, found.currency)
        .having(left != 0, _by_then(found.effective_on))
    )


def _since(of_one: bool) -> list[ColumnElement[bool]]:
    return [ALLOCATIONS.effective_on > AS_OF, *_only(ALLOCATIONS.account_id, of_one)]


def _by_then(day: ColumnElement[date]) -> ColumnElement[bool]:
    """An aggregate, so that no planner walks the account's whole history by day instead of the few open items."""
    return func.max(day) <= AS_OF


def _only(column: ColumnElement[int], of_one: bool) -> list[ColumnElement[bool]]:
    return [column == bindparam("account", type_=Key)] if of_one else []
