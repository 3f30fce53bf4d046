"""Day figures: the key figures of the business at the end of a day, kept each night, so that lines over time are quick.

Figures of a period are of the 90 days that end on the day. Money is kept in minor units, all else in hundredths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import BigInteger, case, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from domain.disputes.ageing import disputed
from domain.promises.model import JUDGED, PromiseStatus, PromiseToPay
from domain.receivables.model import Invoice, InvoiceStatus
from domain.reporting import formulas
from domain.reporting.figures import Figures, figures
from domain.reporting.kept.model import DAY_FIGURES
from domain.reporting.sheets.values import Kind
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.months import month_end, months_later

SPAN_DAYS = 90
"""Figures of a period are of so many days."""
ONE_DAY = timedelta(days=1)
KEPT_MONTHS = 24
"""So many month ends back figures are made where there are none."""
MADE_AGAIN_MONTHS = 3
"""So many month ends are made again each night: something may have been entered late."""


class Figure(StrEnum):
    """A figure that is kept of each day."""

    RECEIVABLE = "receivable"
    NOT_DUE = "not_due"
    LATE = "late"
    CREDIT = "credit"
    DISPUTED = "disputed"
    SALES = "sales"
    DSO = "dso"
    BEST_DSO = "best_dso"
    DELINQUENT = "delinquent"
    COUNT_BACK = "count_back"
    CEI = "cei"
    DELAY = "delay"
    LAG = "lag"
    PROMISES = "promises"


FIGURE_NAMES = {
    Figure.RECEIVABLE: N_("Receivable"),
    Figure.NOT_DUE: N_("Not yet due"),
    Figure.LATE: N_("Late"),
    Figure.CREDIT: N_("Unapplied credit"),
    Figure.DISPUTED: N_("Of which disputed"),
    Figure.SALES: N_("Credit sales of 90 days"),
    Figure.DSO: N_("DSO"),
    Figure.BEST_DSO: N_("Best possible DSO"),
    Figure.DELINQUENT: N_("Average days delinquent"),
    Figure.COUNT_BACK: N_("Count-back DSO"),
    Figure.CEI: N_("Collection effectiveness"),
    Figure.DELAY: N_("Weighted average delay"),
    Figure.LAG: N_("Days from delivery to invoice"),
    Figure.PROMISES: N_("Promises kept, by amount"),
}
"""What each figure is called."""
MONEY = frozenset({Figure.RECEIVABLE, Figure.NOT_DUE, Figure.LATE, Figure.CREDIT, Figure.DISPUTED, Figure.SALES})
FIGURE_KINDS = {
    figure: Kind.MONEY if figure in MONEY else Kind.PERCENT if figure in {Figure.CEI, Figure.PROMISES} else Kind.DAYS
    for figure in Figure
}
"""What each figure is."""


@dataclass(frozen=True, slots=True)
class DayValues:
    """The figures of one day in one currency; one that does not exist is left out."""

    day: date
    currency: str
    values: Mapping[Figure, int]

    def get(self, figure: Figure) -> Money | Decimal | None:
        """A figure as what it is: money, or a number with two decimals."""
        value = self.values.get(figure)
        if value is None:
            return None
        return Money(value, self.currency) if figure in MONEY else Decimal(value).scaleb(-formulas.PLACES)

    def number(self, figure: Figure) -> Decimal | None:
        """The same as a bare number, for a chart."""
        found = self.get(figure)
        return found.decimal if isinstance(found, Money) else found


def first_of_span(day: date) -> date:
    """The first day of the period whose figures are those of a day."""
    return day - (SPAN_DAYS - 1) * ONE_DAY


def figures_on(session: Session, day: date) -> dict[str, DayValues]:
    """The figures of a day, by currency, reckoned from the tables."""
    contested, kept = disputed(session, day), promises_kept(session, first_of_span(day), day)
    return {
        currency: _values(day, found, Money.sum(contested.get(currency, {}).values(), currency), kept.get(currency))
        for currency, found in figures(session, first_of_span(day), day).items()
    }


def promises_kept(session: Session, first: date, last: date) -> dict[str, Decimal]:
    """Of the promises for a day from `first` to `last` that were judged: the per cent kept, by amount and currency."""
    kept = case((PromiseToPay.status == PromiseStatus.KEPT, PromiseToPay.amount_minor), else_=0)
    query = (
        select(
            PromiseToPay.currency,
            cast(func.sum(kept), BigInteger).label("kept"),
            cast(func.sum(PromiseToPay.amount_minor), BigInteger).label("promised"),
        )
        .where(PromiseToPay.status.in_(JUDGED), PromiseToPay.promised_on.between(first, last))
        .group_by(PromiseToPay.currency)
    )
    return {row.currency: formulas.rounded(Fraction(100 * row.kept, row.promised)) for row in session.execute(query)}


def keep_day(session: Session, day: date, found: Mapping[str, DayValues]) -> None:
    """Keep the figures of a day in place of what was kept of it."""
    session.execute(delete(DAY_FIGURES).where(DAY_FIGURES.c.day == day))
    rows = [
        {"day": day, "currency": currency, "name": figure.value, "value_minor": value, "made_at": now(session)}
        for currency, values in found.items()
        for figure, value in values.values.items()
    ]
    if rows:
        session.execute(insert(DAY_FIGURES), rows)


def kept_of(session: Session, days: Collection[date]) -> dict[str, dict[date, DayValues]]:
    """What was kept of these days, by currency and day; what was not kept is left out."""
    found: dict[tuple[str, date], dict[Figure, int]] = defaultdict(dict)
    known = set(Figure)
    for row in session.execute(select(DAY_FIGURES).where(DAY_FIGURES.c.day.in_(days))):
        if row.name in known:
            found[row.currency, row.day][Figure(row.name)] = row.value_minor
    by_currency: dict[str, dict[date, DayValues]] = defaultdict(dict)
    for (currency, day), values in sorted(found.items()):
        by_currency[currency][day] = DayValues(day, currency, values)
    return dict(by_currency)


def month_ends(upto: date, months: int) -> list[date]:
    """The last days of the months before the one that `upto` is in, the oldest first; and that day itself."""
    ends = [month_end(months_later(upto.replace(day=1), -back)) for back in range(months, 0, -1)]
    return [*ends, upto]


def due_days(session: Session) -> list[date]:
    """The days whose figures are to be made tonight: yesterday's, and the month ends that are missing or still young.

    None where yesterday's are there.
    """
    yesterday = today(session) - ONE_DAY
    if session.scalar(select(DAY_FIGURES.c.id).where(DAY_FIGURES.c.day == yesterday).limit(1)) is not None:
        return []
    begins = session.scalar(select(func.min(Invoice.issued_on)).where(Invoice.status == InvoiceStatus.ISSUED))
    if begins is None or begins > yesterday:
        return []
    ends = [day for day in month_ends(yesterday, KEPT_MONTHS)[:-1] if day >= begins]
    there = set(session.scalars(select(DAY_FIGURES.c.day).where(DAY_FIGURES.c.day.in_(ends)).distinct()))
    young = ends[-MADE_AGAIN_MONTHS:]
    return [*(day for day in ends if day not in there or day in young), yesterday]


def take_due(database: Database) -> int:
    """Make the figures that are due, each day in a transaction of its own; how many days were made.

    Each day's are reckoned from one moment of the books before that, so that nobody who writes waits for it.
    Yesterday's are the last: where the work is cut short, it begins again. Safe to repeat.
    """
    with database.reading() as session:
        days = due_days(session)
    for day in days:
        with database.reading() as session:
            found = figures_on(session, day)
        with database.transaction() as session:
            keep_day(session, day, found)
    return len(days)


def _values(day: date, found: Figures, contested: Money, kept: Decimal | None) -> DayValues:
    amounts = {
        Figure.RECEIVABLE: found.closing,
        Figure.NOT_DUE: found.current,
        Figure.LATE: found.open - found.current,
        Figure.CREDIT: found.open - found.closing,
        Figure.DISPUTED: contested,
        Figure.SALES: found.credit_sales,
    }
    numbers = {
        Figure.DSO: found.dso,
        Figure.BEST_DSO: found.best_possible_dso,
        Figure.DELINQUENT: found.average_days_delinquent,
        Figure.COUNT_BACK: found.count_back_dso,
        Figure.CEI: found.collection_effectiveness,
        Figure.DELAY: found.weighted_average_delay,
        Figure.LAG: found.invoice_lag,
        Figure.PROMISES: kept,
    }
    return DayValues(
        day,
        found.currency,
        {
            **{figure: amount.minor for figure, amount in amounts.items()},
            **{figure: _hundredths(number) for figure, number in numbers.items() if number is not None},
        },
    )


def _hundredths(number: Decimal) -> int:
    return int(number.scaleb(formulas.PLACES))
