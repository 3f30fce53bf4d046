"""Making: the forecast of a day for all accounts, the accounts behind one of its numbers, and what is kept of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from domain.receivables.model import Invoice, InvoiceStatus
from domain.reporting.forecasting.delays import Calendar
from domain.reporting.forecasting.expecting import WEEKS, Expected, Method, Priors, expected
from domain.reporting.forecasting.learning import everybody, groups_of, known
from domain.reporting.forecasting.owed import owed
from domain.reporting.kept.model import FORECASTS
from domain.shared.chunking import chunks
from domain.shared.db.session import today
from domain.shared.home import home_first

AT_ONCE = 1_000
"""So many accounts are looked at together."""


@dataclass(frozen=True, slots=True)
class OfAccount:
    """What is expected of one account."""

    account_id: int
    currency: str
    expected: Expected


def forecast(session: Session) -> dict[str, Expected]:
    """What is expected to come in from today on, by currency."""
    found: dict[str, Expected] = defaultdict(Expected.nothing)
    for each in by_account(session, owing(session)):
        found[each.currency].add(each.expected)
    return {currency: found[currency] for currency in home_first(session, found)}


def by_account(session: Session, account_ids: Sequence[int]) -> Iterator[OfAccount]:
    """What is expected of each of these accounts that owes something; a few queries for every thousand of them."""
    calendar, all_of_them = Calendar(today(session), WEEKS), everybody(session)
    priors = Priors(all_of_them.whole, all_of_them.groups, calendar)
    for some in chunks(account_ids, AT_ONCE):
        delays, groups = known(session, some), groups_of(session, some)
        for book in owed(session, some):
            prior = priors.of(groups.get(book.account_id))
            found = expected(book, delays.get(book.account_id, {}), prior, calendar)
            yield OfAccount(book.account_id, book.currency, found)


def owing(session: Session, largest: int | None = None) -> Sequence[int]:
    """The accounts on which something is open; at most so many, those that owe most, where `largest` says so."""
    of_them = (
        select(Invoice.account_id)
        .where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .group_by(Invoice.account_id)
    )
    if largest is None:
        return session.scalars(of_them.order_by(Invoice.account_id)).all()
    most_first = of_them.order_by(func.sum(Invoice.open_minor).desc(), Invoice.account_id)
    return session.scalars(most_first.limit(largest)).all()


def keep(session: Session, day: date, forecast: Mapping[str, Expected]) -> int:
    """Keep the forecast of a day, to be judged when its weeks are over; how many figures. Safe to repeat."""
    mondays = Calendar(day, WEEKS).mondays()
    rows = [
        {
            "made_on": day,
            "week_on": monday,
            "currency": currency,
            "method": method.value,
            "expected_minor": found.weeks[method][week],
        }
        for currency, found in forecast.items()
        for method in Method
        for week, monday in enumerate(mondays)
    ]
    session.execute(delete(FORECASTS).where(FORECASTS.c.made_on == day))
    if rows:
        session.execute(insert(FORECASTS), rows)
    return len(rows)


def is_kept(session: Session, monday: date) -> bool:
    """Whether a forecast was kept in the week that begins on this day, or later."""
    return session.execute(select(FORECASTS.c.id).where(FORECASTS.c.made_on >= monday).limit(1)).first() is not None


def kept_on(session: Session, day: date) -> tuple[date, dict[str, dict[Method, dict[date, int]]]] | None:
    """The forecast that was kept last by a day: when it was made, and by currency, method and Monday what it says."""
    made_on = session.scalar(select(func.max(FORECASTS.c.made_on)).where(FORECASTS.c.made_on <= day))
    if made_on is None:
        return None
    found: dict[str, dict[Method, dict[date, int]]] = defaultdict(lambda: {method: {} for method in Method})
    rows = session.execute(
        select(FORECASTS.c.currency, FORECASTS.c.method, FORECASTS.c.week_on, FORECASTS.c.expected_minor)
        .where(FORECASTS.c.made_on == made_on)
        .order_by(FORECASTS.c.week_on)
    )
    for row in rows:
        found[row.currency][Method(row.method)][row.week_on] = row.expected_minor
    return made_on, {currency: found[currency] for currency in home_first(session, found)}
