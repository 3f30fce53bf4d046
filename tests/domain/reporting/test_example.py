"""The example's ledger: what the product says of it on many days, against a calculation that shares nothing with it."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from domain.importing.mapping import FileMapping
from domain.reporting.reports import ageing_report, figures_report
from domain.shared.db.session import Database
from tests.support.importing import booked

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
BUCKETS = {"current": 0, "1-30": 30, "31-60": 60, "61-90": 90, "91-120": 120, "over-120": 100_000}
"""Each bucket and the last day after the due date that is in it."""
MONTH_ENDS = [date(2024, month, monthrange(2024, month)[1]) for month in range(1, 13)]


@dataclass(frozen=True)
class Row:
    """One line of the file."""

    issued: date
    due: date
    amount: Decimal
    paid: date | None

    def is_open(self, day: date) -> bool:
        """Whether it was owed at the end of that day."""
        return self.issued <= day and (self.paid is None or self.paid > day)


def day_of(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


with (EXAMPLES / "invoices.csv").open(encoding="utf-8") as file:
    ROWS = [
        Row(
            day_of(row["Date"]), day_of(row["Due"]), Decimal(row["Total"]), day_of(row["Paid"]) if row["Paid"] else None
        )
        for row in csv.DictReader(file)
    ]


def owed(day: date, *, only_current: bool = False) -> Decimal:
    return sum((row.amount for row in ROWS if row.is_open(day) and not (only_current and row.due < day)), Decimal())


def sold(first: date, last: date) -> Decimal:
    return sum((row.amount for row in ROWS if first <= row.issued <= last), Decimal())


def count_back(day: date) -> Decimal:
    """Days of sales that are in what is owed: whole months from the newest on, then a part of one."""
    left, days, first = owed(day), Decimal(), day.replace(day=1)
    while left > 0:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        sales = sold(first, last)
        share = min(Decimal(1), left / sales) if sales else Decimal(1)
        days, left, first = days + share * last.day, left - sales, (first - timedelta(days=1)).replace(day=1)
    return days


def expected(first: date, last: date) -> Mapping[str, str]:
    """The figures of a period by their definitions in docs/figures.md."""
    opening, closing, current, sales = (
        owed(first - timedelta(1)),
        owed(last),
        owed(last, only_current=True),
        sold(first, last),
    )
    days = (last - first).days + 1
    paid = [row for row in ROWS if row.paid is not None and first <= row.paid <= last]
    late = sum((row.amount * max(0, (row.paid - row.due).days) for row in paid if row.paid), Decimal())
    exact = {
        "credit_sales": sales,
        "opening_receivable": opening,
        "closing_receivable": closing,
        "closing_current": current,
        "dso": closing / sales * days,
        "best_possible_dso": current / sales * days,
        "average_days_delinquent": (closing - current) / sales * days,
        "count_back_dso": count_back(last),
        "cei": (opening + sales - closing) / (opening + sales - current) * 100,
        "weighted_average_delay": late / sum((row.amount for row in paid), Decimal()),
    }
    return {name: str(value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)) for name, value in exact.items()}


@pytest.fixture
def example(db: Database) -> Database:
    """Books that hold the example's eighty invoices and nothing else."""
    booked(
        db, (EXAMPLES / "invoices.csv").read_bytes(), FileMapping.from_toml((EXAMPLES / "invoices.toml").read_text())
    )
    return db


def test_the_ageing_of_every_month_end_is_what_the_file_says(example: Database) -> None:
    for day in MONTH_ENDS:
        with example.reading() as session:
            aged = ageing_report(session, day)["currencies"]["GBP"]

        late = [(max(0, (day - row.due).days), row.amount) for row in ROWS if row.is_open(day)]
        least = -1
        for name, most in BUCKETS.items():
            inside = [amount for days, amount in late if least < days <= most]
            assert aged["buckets"][name] == {"amount": f"{sum(inside, Decimal()):.2f}", "count": len(inside)}
            least = most
        assert aged["total"] == str(owed(day))


@pytest.mark.parametrize("month", [3, 6, 9, 12])
def test_the_figures_of_every_quarter_are_what_their_definitions_make_of_the_file(
    example: Database, month: int
) -> None:
    first, last = date(2024, month - 2, 1), MONTH_ENDS[month - 1]

    with example.reading() as session:
        found = figures_report(session, first, last)["currencies"]["GBP"]

    wanted = expected(first, last)
    assert {name: found[name] for name in wanted} == wanted
