"""Judging: what was forecast for weeks that are over, beside what came in them of what was owed at the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, Date, cast, func, literal, select
from sqlalchemy.orm import Session

from domain.receivables.due_days import days_after
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.reporting.forecasting.errors import Judged, judged
from domain.reporting.forecasting.expecting import Method
from domain.reporting.kept.model import FORECASTS

LOOKED_BACK = 26
"""So many weeks back forecasts are judged."""
HORIZONS = (1, 4, 13)
"""How many weeks of each forecast are judged: the very first, a month, the whole quarter."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Record:
    """How well one method foresaw the first so many weeks of its forecasts, in one currency."""

    currency: str
    method: Method
    horizon: int
    judged: Judged


class Came:
    """What came in by week of what had been issued before another week, from one first Monday on."""

    def __init__(self, first: date, sums: Mapping[tuple[str, int, int], int]) -> None:
        self._first, self._sums = first, sums

    def of(self, currency: str, made_on: date, week_on: date) -> int:
        """What came in the week of what had been issued before the week in which a forecast was made, minor units."""
        made, week = self._week(made_on), self._week(week_on)
        return sum(self._sums.get((currency, week, issued), 0) for issued in range(made))

    def _week(self, day: date) -> int:
        return (day - self._first).days // 7


def came(session: Session, first: date, before: date) -> Came:
    """What was paid of invoices from a Monday until before another, less what was taken back; one query.

    What was issued before the second week is told as issued in the first.
    """
    start = literal(first, Date)
    week = (days_after(start, Allocation.effective_on) // 7).label("week")
    issued = (days_after(start, Invoice.issued_on) // 7).label("issued")
    rows = session.execute(
        select(Invoice.currency, week, issued, cast(func.sum(Allocation.amount_minor), BigInteger).label("minor"))
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            Allocation.effective_on >= first, Allocation.effective_on < before, CreditItem.kind == CreditKind.PAYMENT
        )
        .group_by(Invoice.currency, week, issued)
    )
    return Came(first, {(row.currency, int(row.week), int(row.issued)): int(row.minor) for row in rows})


def records(session: Session, day: date) -> list[Record]:
    """How well each method foresaw the weeks that were over on a day, by currency and horizon; two queries.

    A week of a forecast is compared with what came in it of what had been issued before the week in which the forecast
    was made: nobody foresees what has not been sold yet.
    """
    monday = day - timedelta(days=day.weekday())
    first = monday - LOOKED_BACK * WEEK
    rows = session.execute(
        select(
            FORECASTS.c.currency,
            FORECASTS.c.method,
            FORECASTS.c.made_on,
            FORECASTS.c.week_on,
            FORECASTS.c.expected_minor,
        )
        .where(FORECASTS.c.made_on >= first, FORECASTS.c.week_on < monday)
        .order_by(FORECASTS.c.currency, FORECASTS.c.made_on, FORECASTS.c.week_on)
    ).all()
    if not rows:
        return []
    paid = came(session, first - WEEK, monday)
    weeks: dict[tuple[str, Method, int], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        made_in = row.made_on - timedelta(days=row.made_on.weekday())
        ahead = (row.week_on - made_in).days // 7
        pair = (row.expected_minor, paid.of(row.currency, made_in, row.week_on))
        for horizon in HORIZONS:
            if ahead < horizon:
                weeks[row.currency, Method(row.method), horizon].append(pair)
    methods = list(Method)
    keys = sorted(weeks, key=lambda key: (key[0], key[2], methods.index(key[1])))
    return [Record(*key, judged(weeks[key])) for key in keys]
