"""Balances: what an account owes and what stands on a ledger account, now, as of a day, and as known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    bindparam,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS, STREAMS
from domain.ledger.unsealed import newest_checkpoints, unsealed_postings
from domain.shared.clock import end_of_day
from domain.shared.db.base import Key
from domain.shared.db.session import business
from domain.shared.errors import NotFound
from domain.shared.money import Money

OWED = select(STREAMS.c.balance, STREAMS.c.currency).where(STREAMS.c.account_id == bindparam("account"))
POSTED = (
    select(POSTINGS.c.currency, func.sum(POSTINGS.c.amount))
    .where(POSTINGS.c.ledger_account == bindparam("ledger_account"))
    .group_by(POSTINGS.c.currency)
)


@dataclass(frozen=True, slots=True)
class TrialBalanceLine:
    """What stands on one ledger account in one currency; debit balances are positive."""

    ledger_account: LedgerAccount
    balance: Money


def receivable(session: Session, account_id: int) -> Money:
    """What an account owes now, negative when we owe it: the balance kept with its stream."""
    row = session.execute(OWED, {"account": account_id}).one_or_none()
    if row is None:
        raise NotFound
    return Money(row.balance, row.currency)


def balance_of(
    session: Session,
    ledger_account: LedgerAccount,
    currency: str,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Money:
    """What stands on a ledger account in a currency, debit positive: now, or as of a day, or as known on a day."""
    if as_of is None and known_on is None:
        sums = _present().subquery()
        wanted = select(func.sum(sums.c.amount)).where(
            sums.c.ledger_account == ledger_account.value, sums.c.currency == currency
        )
    else:
        wanted = (
            select(func.sum(POSTINGS.c.amount))
            .join_from(POSTINGS, ENTRIES)
            .where(
                POSTINGS.c.ledger_account == ledger_account.value,
                POSTINGS.c.currency == currency,
                *_by(session, as_of, known_on),
            )
        )
    return Money(int(session.execute(wanted).scalar_one() or 0), currency)


def posted_on(session: Session, ledger_account: LedgerAccount) -> dict[str, int]:
    """By currency, the sum of every posting there ever was on a ledger account, in minor units: no seal is trusted."""
    rows = session.execute(POSTED, {"ledger_account": ledger_account.value})
    return {currency: int(total) for currency, total in rows}


def trial_balance(
    session: Session, as_of: date | None = None, *, known_on: date | None = None
) -> list[TrialBalanceLine]:
    """Every ledger account that was ever used, by currency, in the chart's order; each currency adds up to zero.

    Now, or at the end of `as_of`, or by what was recorded before `known_on` ended.
    """
    if as_of is None and known_on is None:
        sums = _present().subquery()
    else:
        sums = select(POSTINGS).join(ENTRIES).where(*_by(session, as_of, known_on)).subquery()
    rows = session.execute(
        select(sums.c.ledger_account, sums.c.currency, func.sum(sums.c.amount)).group_by(
            sums.c.ledger_account, sums.c.currency
        )
    )
    order = list(LedgerAccount)
    lines = [TrialBalanceLine(LedgerAccount(name), Money(int(total), currency)) for name, currency, total in rows]
    return sorted(lines, key=lambda line: (line.balance.currency, order.index(line.ledger_account)))


def movements(
    session: Session,
    account_id: int,
    first: date,
    last: date,
    *,
    after: tuple[date, int] | None = None,
    limit: int | None = None,
) -> Sequence[Any]:
    """What moved an account's balance from `first` to `last`, in order of day and entry.

    Rows of entry_id, effective_on, occurred_on, recorded_at, kind, source, and amount (minor units, positive when the
    account owes more). The next page is `after` the last row's (effective_on, entry_id).
    """
    asked: dict[str, object] = {"account": account_id, "first": first, "last": last}
    if after is not None:
        asked["after_day"], asked["after_id"] = after
    if limit is not None:
        asked["limit"] = limit
    return session.execute(_movements(later=after is not None, limited=limit is not None), asked).all()


@cache
def _movements(*, later: bool, limited: bool) -> Select[Any]:
    wanted = (
        select(
            ENTRIES.c.id.label("entry_id"),
            ENTRIES.c.effective_on,
            ENTRIES.c.occurred_on,
            ENTRIES.c.recorded_at,
            ENTRIES.c.kind,
            ENTRIES.c.source,
            func.sum(POSTINGS.c.amount).cast(POSTINGS.c.amount.type).label("amount"),
        )
        .join_from(ENTRIES, POSTINGS)
        .where(
            ENTRIES.c.account_id == bindparam("account"),
            ENTRIES.c.effective_on.between(bindparam("first"), bindparam("last")),
            POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value,
        )
        .group_by(ENTRIES.c.effective_on, ENTRIES.c.id)
        .order_by(ENTRIES.c.effective_on, ENTRIES.c.id)
    )
    if later:
        place = tuple_(bindparam("after_day", type_=Date), bindparam("after_id", type_=Key))
        wanted = wanted.where(tuple_(ENTRIES.c.effective_on, ENTRIES.c.id) > place)
    return wanted.limit(bindparam("limit", type_=Integer)) if limited else wanted


def _by(session: Session, as_of: date | None, known_on: date | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if as_of is not None:
        conditions.append(ENTRIES.c.effective_on <= as_of)
    if known_on is not None:
        conditions.append(ENTRIES.c.recorded_at < end_of_day(known_on, business(session).time_zone))
    return conditions


def _present() -> CompoundSelect[Any]:
    """The newest checkpoint of every ledger account, and beside it every posting that no seal covers yet."""
    return union_all(newest_checkpoints(), unsealed_postings())
