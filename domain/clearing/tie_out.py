"""Tie-out: does our balance at the processor add up, by day and by payout, to the cent? Compares, and fetches nothing.

What the processor reports is a listing of its movements, where somebody could ask it; the books must have each of them
once, with its net on card clearing, and behind each payment of a customer its credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import TypeAlias

from sqlalchemy import Subquery, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from domain.clearing.categories import Category
from domain.clearing.model import BALANCE_TRANSACTIONS, PAYOUT_ITEMS, PAYOUTS, REPORTED_DAYS
from domain.clearing.queries import booked
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.payments.model import BY_PROCESSOR, Payment
from domain.payments.snapshots import Movement, PayoutState
from domain.receivables.model import CreditItem, CreditKind
from domain.shared.clock import day_in, end_of_day, start_of_day
from domain.shared.db.inserting import insert_all
from domain.shared.db.session import business, now
from domain.shared.money import Money

Reported: TypeAlias = dict[tuple[date, str], Money]
"""Net of all movements by day and currency, as the processor reports it."""

MOVED = BALANCE_TRANSACTIONS.c
SAMPLE = 1_000
"""How many of the newest movements tell how fast money is explained."""


@dataclass(frozen=True, slots=True)
class DayTotals:
    """One day in one currency: what the processor reports (None where it was not asked), and what stands behind it.

    `booked` is the net of the movements that we know, `posted` what their entries put on card clearing; `paid` what
    customers paid by charges of that day, each in its own currency added up by `currency`, `credited` their credit.
    """

    day: date
    currency: str
    reported: Money | None
    booked: Money
    posted: Money
    paid: Money
    credited: Money

    @property
    def difference(self) -> Money:
        """What does not add up, largest first; zero when all does."""
        wanted = self.booked if self.reported is None else self.reported
        gaps = (wanted - self.booked, self.booked - self.posted, self.paid - self.credited)
        return next((gap for gap in sorted(gaps, key=lambda gap: -abs(gap.minor)) if gap), gaps[0])


@dataclass(frozen=True, slots=True)
class PayoutTie:
    """One payout: what was sent, and the sum of what the processor names in it (None for one made by hand)."""

    id: int
    external_id: str
    state: PayoutState
    created_on: date
    amount: Money
    named: Money | None
    complete: bool

    @property
    def difference(self) -> Money:
        """What was sent less what is named; zero also while the processor has not named everything."""
        if self.named is None or not self.complete:
            return Money.zero(self.amount.currency)
        return self.amount - self.named


@dataclass(frozen=True, slots=True)
class Speed:
    """Median time from a movement at the processor to our books, and from a payment's success to its settlement."""

    to_books: timedelta | None
    to_settlement: timedelta | None


def begins(session: Session) -> datetime | None:
    """The first moment from which on every movement has to be in the books; None while there is none at all."""
    first: datetime | None = session.scalar(select(func.min(MOVED.created_at)))
    of_each = [select(func.min(Payment.created_at)).where(Payment.method == method) for method in BY_PROCESSOR]
    return min((each for each in (first, *session.scalars(union_all(*of_each))) if each is not None), default=None)


def by_day(session: Session, first: date, last: date, reported: Reported) -> list[DayTotals]:
    """Each day from `first` to `last` on which anything moved, newest first; days are the business's."""
    days = _days(session, first, last)
    if not days:
        return []
    found = _booked_by_day(session, days)
    for day, currency in reported.keys() | found.keys():
        none = Money.zero(currency)
        known = found.get((day, currency)) or DayTotals(day, currency, None, none, none, none, none)
        found[day, currency] = replace(known, reported=reported.get((day, currency)))
    return [found[key] for key in sorted(found, reverse=True)]


def added_up(session: Session, first: date, last: date, movements: Iterable[Movement]) -> Reported:
    """What the processor reports of each day, from a listing of its movements; of a day without any, nothing moved."""
    zone = business(session).time_zone
    sums: Reported = {(day, currency): Money.zero(currency) for day, currency in _known(session, first, last)}
    for each in movements:
        key = day_in(each.created_at, zone), each.amount.currency
        sums[key] = sums.get(key, Money.zero(key[1])) + each.amount - each.fee
    return sums


def last_reported(session: Session, first: date, last: date) -> Reported:
    """What the processor reported of each day when it was asked last."""
    column = REPORTED_DAYS.c
    newest = select(func.max(column.id)).where(column.day.between(first, last)).group_by(column.day, column.currency)
    rows = session.execute(select(REPORTED_DAYS).where(column.id.in_(newest)))
    return {(row.day, row.currency): Money(row.net_minor, row.currency) for row in rows}


def keep_reported(session: Session, reported: Reported) -> None:
    """Keep what the processor has just reported, for the page that does not ask it."""
    rows = [
        {"day": day, "currency": currency, "net_minor": net.minor, "asked_at": now(session)}
        for (day, currency), net in sorted(reported.items())
    ]
    insert_all(session, REPORTED_DAYS, rows)


def missing(session: Session, reported: Sequence[Movement]) -> list[Movement]:
    """Reported movements that the books do not have, the oldest first."""
    known = booked(session, [each.external_id for each in reported])
    return sorted((each for each in reported if each.external_id not in known), key=lambda each: each.created_at)


def by_payout(session: Session, first: date, last: date) -> list[PayoutTie]:
    """The payouts made from `first` to `last`, newest first, each with the sum of what is named in it."""
    zone = business(session).time_zone
    named = (
        select(PAYOUT_ITEMS.c.payout_id, func.sum(PAYOUT_ITEMS.c.net_minor).label("minor"))
        .group_by(PAYOUT_ITEMS.c.payout_id)
        .subquery()
    )
    rows = session.execute(
        select(PAYOUTS, named.c.minor.label("named"))
        .outerjoin(named, named.c.payout_id == PAYOUTS.c.id)
        .where(PAYOUTS.c.created_at >= start_of_day(first, zone), PAYOUTS.c.created_at < end_of_day(last, zone))
        .order_by(PAYOUTS.c.created_at.desc(), PAYOUTS.c.id.desc())
    )
    return [
        PayoutTie(
            id=row.id,
            external_id=row.external_id,
            state=row.state,
            created_on=day_in(row.created_at, zone),
            amount=Money(row.amount_minor, row.currency),
            named=Money(int(row.named or 0), row.currency) if row.automatic else None,
            complete=row.complete,
        )
        for row in rows
    ]


def speed(session: Session) -> Speed:
    """How fast the newest movements were explained."""
    rows = session.execute(
        select(MOVED.created_at, MOVED.recorded_at, Payment.occurred_at, Payment.settled_at)
        .outerjoin(Payment, (Payment.id == MOVED.payment_id) & (MOVED.category == Category.CHARGE.value))
        .order_by(MOVED.created_at.desc(), MOVED.id.desc())
        .limit(SAMPLE)
    ).all()
    settled = [row.settled_at - row.occurred_at for row in rows if row.settled_at and row.occurred_at]
    return Speed(_median([row.recorded_at - row.created_at for row in rows]), _median(settled))


def gross(session: Session, first: date, last: date) -> dict[str, Money]:
    """What moved from `first` to `last`, in and out alike, by currency: what a share of it is a share of."""
    zone = business(session).time_zone
    rows = session.execute(
        select(MOVED.currency, func.sum(func.abs(MOVED.amount_minor)))
        .where(MOVED.created_at >= start_of_day(first, zone), MOVED.created_at < end_of_day(last, zone))
        .group_by(MOVED.currency)
    )
    return {currency: Money(int(minor), currency) for currency, minor in rows}


def _days(session: Session, first: date, last: date) -> list[date]:
    """The days of the period, none before the first one of which we know anything."""
    began = begins(session)
    if began is None:
        return []
    start = max(first, day_in(began, business(session).time_zone))
    return [start + timedelta(days=number) for number in range((last - start).days + 1)]


def _known(session: Session, first: date, last: date) -> list[tuple[date, str]]:
    days = _days(session, first, last)
    return list(_booked_by_day(session, days)) if days else []


def _booked_by_day(session: Session, days: Sequence[date]) -> dict[tuple[date, str], DayTotals]:
    found: dict[tuple[date, str], DayTotals] = {}
    moved = _moved(session, days)
    posted = _on_clearing(moved)
    sums = session.execute(
        select(moved.c.day, moved.c.currency, func.sum(moved.c.net_minor), func.sum(func.coalesce(posted.c.minor, 0)))
        .outerjoin(posted, posted.c.id == moved.c.id)
        .group_by(moved.c.day, moved.c.currency)
    )
    for place, currency, net, on_clearing in sums:
        none = Money.zero(currency)
        found[days[place], currency] = DayTotals(
            days[place], currency, None, Money(int(net), currency), Money(int(on_clearing), currency), none, none
        )
    paid = session.execute(
        select(
            moved.c.day,
            Payment.currency,
            func.sum(Payment.amount_minor),
            func.sum(func.coalesce(CreditItem.amount_minor, 0)),
        )
        .join(Payment, Payment.id == moved.c.payment_id)
        .outerjoin(CreditItem, (CreditItem.source == Payment.public_id) & (CreditItem.kind == CreditKind.PAYMENT))
        .where(moved.c.category == Category.CHARGE.value, Payment.recorded_at.is_not(None))
        .group_by(moved.c.day, Payment.currency)
    )
    for place, currency, amount, credited in paid:
        none = Money.zero(currency)
        known = found.get((days[place], currency)) or DayTotals(days[place], currency, None, none, none, none, none)
        found[days[place], currency] = replace(
            known, paid=Money(int(amount), currency), credited=Money(int(credited), currency)
        )
    return found


def _moved(session: Session, days: Sequence[date]) -> Subquery:
    """The movements of the days, each with the place of its day among them: a day is a span of instants."""
    zone = business(session).time_zone
    ends = [(MOVED.created_at < end_of_day(day, zone), place) for place, day in enumerate(days)]
    return (
        select(
            MOVED.id,
            MOVED.external_id,
            MOVED.currency,
            MOVED.net_minor,
            MOVED.payment_id,
            MOVED.category,
            case(*ends, else_=len(days)).label("day"),
        )
        .where(MOVED.created_at >= start_of_day(days[0], zone), MOVED.created_at < end_of_day(days[-1], zone))
        .subquery()
    )


def _on_clearing(moved: Subquery) -> Subquery:
    """What each movement's own entries put on card clearing."""
    return (
        select(moved.c.id, func.sum(POSTINGS.c.amount).label("minor"))
        .join(ENTRIES, ENTRIES.c.source == literal("balance_transaction:").concat(moved.c.external_id))
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(POSTINGS.c.ledger_account == LedgerAccount.CARD_CLEARING.value)
        .group_by(moved.c.id)
        .subquery()
    )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=round(median(span.total_seconds() for span in spans))) if spans else None
