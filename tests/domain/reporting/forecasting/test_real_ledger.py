"""The forecast's error on IBM's real payments: trained on 2012, tested on 2013, beside the naive one by due date.

Two ways of training. *Fixed*: delays are learned once, from what was paid in 2012. *Rolling*: they are learned anew
before each forecast, as the worker does. Each Monday of 2013 the next thirteen weeks are forecast from what had been
issued, and not paid, before that day; only weeks of 2013 count. How fast history fades and how many invoices of others
stand beside an account's own was chosen on 2012 alone: trained on its first half, tested on its second.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from domain.reporting.forecasting.delays import MONTH_DAYS, THOUSAND, Calendar, Delays, Prior, added, learned
from domain.reporting.forecasting.errors import Judged, judged
from domain.reporting.forecasting.expecting import WEEKS, Method, expected
from domain.reporting.forecasting.judging import HORIZONS
from domain.reporting.forecasting.owed import Owed
from tests.support.ibm import IBM, needs_ibm

PAGE = Path(__file__).parents[4] / "docs" / "forecast.md"
NEW_YEAR, YEARS_END = date(2013, 1, 1), date(2014, 1, 1)
A_WEEK = timedelta(days=7)
FIRST_MONDAY = date(2013, 1, 7)
NAIVE, FIXED, ROLLING = "due date", "learned in 2012", "learned anew each week"


@dataclass(frozen=True, slots=True)
class Sold:
    """One invoice of the file."""

    customer: str
    issued_on: date
    due_on: date
    paid_on: date
    minor: int


def the_file() -> list[Sold]:
    """All its invoices, read with nothing of the product."""

    def day(text: str) -> date:
        month, number, year = text.split("/")
        return date(int(year), int(month), int(number))

    with IBM.open(newline="") as lines:
        return [
            Sold(
                row["customerID"],
                day(row["InvoiceDate"]),
                day(row["DueDate"]),
                day(row["SettledDate"]),
                int(Decimal(row["InvoiceAmount"]) * 100),
            )
            for row in csv.DictReader(lines)
        ]


def delays_known(sold: Iterable[Sold], before: date) -> dict[str, Delays]:
    """What each customer's payments before a day say."""
    paid: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for each in sold:
        if each.paid_on < before:
            months = (before - each.paid_on).days // MONTH_DAYS
            paid[each.customer].append(((each.paid_on - each.due_on).days, months, THOUSAND))
    return {customer: learned(rows) for customer, rows in paid.items()}


def forecast(sold: Sequence[Sold], monday: date, delays: Mapping[str, Delays]) -> dict[Method, list[int]]:
    """What is foreseen on a Monday from what was issued and not paid before it."""
    calendar = Calendar(monday, WEEKS)
    prior = Prior(added(delays.values()), calendar)
    books: dict[str, Owed] = {}
    for number, each in enumerate(sold):
        if each.issued_on < monday <= each.paid_on:
            book = books.setdefault(each.customer, Owed(number, "USD"))
            book.due[each.due_on] += each.minor
            book.left[each.due_on] += each.minor
    found = {method: [0] * WEEKS for method in Method}
    for customer, book in books.items():
        one = expected(book, delays.get(customer, {}), prior, calendar)
        for method in Method:
            found[method] = [sum(pair) for pair in zip(found[method], one.weeks[method], strict=False)]
    return found


def came(sold: Iterable[Sold], monday: date) -> list[int]:
    """What came in each week of what had been issued before a Monday."""
    found = [0] * WEEKS
    for each in sold:
        week = (each.paid_on - monday).days // 7
        if each.issued_on < monday <= each.paid_on and week < WEEKS:
            found[week] += each.minor
    return found


def errors(sold: Sequence[Sold], method: Method, learn: Callable[[date], dict[str, Delays]]) -> dict[int, Judged]:
    """How far off the first so many weeks of all forecasts of 2013 were."""
    weeks: dict[int, list[tuple[int, int]]] = {horizon: [] for horizon in HORIZONS}
    monday = FIRST_MONDAY
    while monday + A_WEEK <= YEARS_END:
        pairs = zip(forecast(sold, monday, learn(monday))[method], came(sold, monday), strict=True)
        for week, pair in enumerate(pairs):
            if monday + (week + 1) * A_WEEK <= YEARS_END:
                for horizon in HORIZONS:
                    weeks[horizon] += [pair] if week < horizon else []
        monday += A_WEEK
    return {horizon: judged(found) for horizon, found in weeks.items()}


def table_of(found: Mapping[str, Mapping[int, Judged]]) -> str:
    """The table of docs/forecast.md."""
    lines = ["| Weeks of each forecast | Method | Error | Bias | Weeks compared |", "|---|---|---|---|---|"]
    lines += [
        f"| the first {horizon} | {name} | {each[horizon].error_percent} % | {each[horizon].bias_percent:+} % "
        f"| {each[horizon].weeks} |"
        for horizon in HORIZONS
        for name, each in found.items()
    ]
    return "\n".join(lines)


@needs_ibm
def test_learned_delay_foresees_2013_better_than_the_due_date(capsys: pytest.CaptureFixture[str]) -> None:
    sold = the_file()
    known_in_2012 = delays_known(sold, NEW_YEAR)

    found = {
        NAIVE: errors(sold, Method.DUE, lambda _: {}),
        FIXED: errors(sold, Method.LEARNED, lambda _: known_in_2012),
        ROLLING: errors(sold, Method.LEARNED, lambda monday: delays_known(sold, monday)),
    }
    table = table_of(found)

    with capsys.disabled():
        print(f"\n{table}")
    for horizon in HORIZONS:
        naive, fixed, rolling = (found[name][horizon] for name in (NAIVE, FIXED, ROLLING))
        assert rolling.missed < fixed.missed < naive.missed, f"the first {horizon} weeks"
    assert table in PAGE.read_text(), "docs/forecast.md shows other figures"
