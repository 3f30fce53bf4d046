"""Behaviour: how late accounts pay, quarter by quarter, how that grades them, and what about it is a warning."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import ACCOUNTS
from domain.disputes.model import Dispute
from domain.policies.ruling import RuleBook, in_force, published
from domain.promises.queries import broken_since
from domain.receivables.delays import Delay, delays, open_delays, with_open
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus
from domain.reporting import formulas
from domain.reporting.formulas import Grade
from domain.reporting.warnings import Warned, warnings_of
from domain.shared.chunking import chunks
from domain.shared.db.session import now, today
from domain.shared.money import Money

AT_ONCE = 500
"""Accounts that are reckoned at a time."""
YEAR = timedelta(days=365)
QUARTERS = 5
"""So many are shown: the one that runs, and the four before it."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """What was paid in a calendar quarter, and how late; the newest one is not over."""

    first: date
    paid: Money
    delay: Decimal | None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one account pays. `delay` is of what was paid in the past year, None where nothing was.

    `weighed` adds what is open and overdue as if it were paid today, and the grade goes by that."""

    account_id: int
    delay: Decimal | None
    weighed: Decimal | None
    grade: Grade | None
    quarters: tuple[Quarter, ...]
    overdue: Money
    oldest_days: int
    disputes: int
    broken_promises: int
    warnings: tuple[Warned, ...]

    @property
    def worst(self) -> int:
        """The days of its worst warning; 0 without one."""
        return max((each.days for each in self.warnings), default=0)


@dataclass(frozen=True, slots=True)
class _Overdue:
    minor: int
    oldest: date | None


def behaviour_of(session: Session, account_id: int) -> Behaviour:
    """How one account pays; NotFound where there is none."""
    currency = accounts.account(session, account_id).currency
    return _behaviours(session, {account_id: currency})[account_id]


def getting_worse(session: Session) -> list[Behaviour]:
    """The accounts with a warning today, the worst first.

    Only those that pay, or have something open, late enough for any policy's warning are reckoned at all.
    """
    found: list[Behaviour] = []
    for some in chunks(_late_enough(session), AT_ONCE):
        rows = session.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.currency).where(ACCOUNTS.c.id.in_(some)))
        behaviours = _behaviours(session, {row.id: row.currency for row in rows})
        found += (each for each in behaviours.values() if each.warnings)
    return sorted(found, key=lambda each: (-each.worst, each.account_id))


def _late_enough(session: Session) -> list[int]:
    """The accounts on which a warning is possible: a change by so many days takes a delay of as many.

    A day less, because delays are rounded before they are compared.
    """
    day = today(session)
    sections = [version.sections.grades for version in in_force(published(session), day).values()]
    least = (
        min([formulas.USUAL_GRADES.warn_days, *(section.warn_days for section in sections if section is not None)]) - 1
    )
    paid_late = delays(session, quarters_back(day, 2), day, least_days=least)
    return sorted(paid_late.keys() | _overdue(session, day - timedelta(days=least)).keys())


def quarters_back(day: date, count: int = QUARTERS) -> list[date]:
    """The first days of the quarter that `day` is in and of those before it, the oldest first."""
    quarter = day.year * 4 + (day.month - 1) // 3
    return [date(each // 4, each % 4 * 3 + 1, 1) for each in range(quarter - count + 1, quarter + 1)]


def _behaviours(session: Session, currencies: Mapping[int, str]) -> dict[int, Behaviour]:
    """How these accounts pay, given with their currencies; as many queries however many they are."""
    day, account_ids = today(session), list(currencies)
    firsts, since = quarters_back(day), day - YEAR
    by_quarter = delays(session, firsts, day, account_ids)
    of_year = delays(session, [since], day, account_ids)
    overdue = _overdue(session, day, account_ids)
    still_open = open_delays(session, day, account_ids)
    disputes = _disputes(session, now(session) - YEAR, account_ids)
    broken = broken_since(session, now(session) - YEAR, account_ids)
    rules = RuleBook(session, account_ids)
    found = {}
    for account_id, currency in currencies.items():
        version = rules.assigned(account_id, day)
        grades = (version.sections.grades if version else None) or formulas.USUAL_GRADES
        year = of_year.get(account_id, {}).get(since)
        delay = formulas.rounded(year.days) if year else None
        all_of_it = with_open(year, still_open.get(account_id))
        weighed = formulas.rounded(all_of_it.days) if all_of_it else None
        quarters = tuple(_quarter(first, by_quarter.get(account_id, {}).get(first), currency) for first in firsts)
        late = overdue.get(account_id)
        oldest_days = (day - late.oldest).days if late and late.oldest else 0
        found[account_id] = Behaviour(
            account_id=account_id,
            delay=delay,
            weighed=weighed,
            grade=None if weighed is None else formulas.grade(weighed, grades),
            quarters=quarters,
            overdue=Money(late.minor if late else 0, currency),
            oldest_days=oldest_days,
            disputes=disputes.get(account_id, 0),
            broken_promises=broken.get(account_id, 0),
            warnings=warnings_of([each.delay for each in quarters], delay, oldest_days, grades.warn_days),
        )
    return found


def _quarter(first: date, delay: Delay | None, currency: str) -> Quarter:
    if delay is None:
        return Quarter(first, Money.zero(currency), None)
    return Quarter(first, Money(delay.settled_minor, currency), formulas.rounded(delay.days))


def _overdue(session: Session, due_before: date, account_ids: Collection[int] | None = None) -> dict[int, _Overdue]:
    """What was due before a day and is open, by account (None: of all); since when the oldest invoice is.

    Late charges are owed like anything else, so that the sum is the account's; but nobody is late by them.
    """
    oldest = func.min(case((Invoice.kind == InvoiceKind.INVOICE, Invoice.due_on)))
    query = (
        select(Invoice.account_id, func.sum(Invoice.open_minor), oldest)
        .where(
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on < due_before,
        )
        .group_by(Invoice.account_id)
    )
    if account_ids is not None:
        query = query.where(Invoice.account_id.in_(account_ids))
    return {account_id: _Overdue(int(minor), oldest) for account_id, minor, oldest in session.execute(query)}


def _disputes(session: Session, since: datetime, account_ids: Collection[int]) -> dict[int, int]:
    raised = func.count().label("disputes")
    of_them = (Dispute.raised_at >= since, Dispute.account_id.in_(account_ids))
    query = select(Dispute.account_id, raised).where(*of_them).group_by(Dispute.account_id)
    return {row.account_id: row.disputes for row in session.execute(query)}
