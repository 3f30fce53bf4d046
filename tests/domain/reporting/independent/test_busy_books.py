"""Busy books: everything that can happen to a debt, in two currencies, as DuckDB reckons it from the raw rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.receivables.ageing import BUCKETS
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.busy_books import BusyBooks
from tests.support.independent import compare, independent

HAS = {
    "withdrawn money": "SELECT count(*) FROM withdrawal",
    "allocations taken back": "SELECT count(*) FROM allocation WHERE reverses_id IS NOT NULL",
    "credit notes": "SELECT count(*) FROM credit_note",
    "debit notes": "SELECT count(*) FROM invoice WHERE kind = 'debit_note'",
    "withdrawn invoices": "SELECT count(*) FROM invoice WHERE status = 'void'",
    "later due days": "SELECT count(*) FROM extension",
    "later due days cut": "SELECT count(*) FROM extension_cut",
    "known deliveries": "SELECT count(*) FROM invoice WHERE delivered_on IS NOT NULL",
    "parts of an invoice": "SELECT count(*) FROM (SELECT 1 FROM allocation GROUP BY invoice_id HAVING count(*) > 2)",
}
"""What the books must hold, so that the comparison says something."""


def test_weeks_of_everything_is_what_the_raw_rows_say(db: Database, clock: MovableClock, tmp_path: Path) -> None:
    books = BusyBooks(db, clock, seed=20)
    books.live(24, 7)

    with db.reading() as session, independent(session, tmp_path) as theirs:
        days = [*books.days[3::10], books.days[-1]]
        agreed = compare(session, theirs, days)
        filled = {key for day in days for key in theirs.buckets(day)}
        missing = [what for what, asked in HAS.items() if not theirs.duck.execute(asked).fetchall()[0][0]]

    assert filled == {(currency, bucket.value) for currency in ("GBP", "USD") for bucket in BUCKETS}
    assert missing == []
    assert agreed > 300


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(5))
def test_every_day_of_busy_books_is_what_the_raw_rows_say(
    db: Database, clock: MovableClock, tmp_path: Path, seed: int
) -> None:
    books = BusyBooks(db, clock, seed)
    books.live(120, 6)

    with db.reading() as session, independent(session, tmp_path) as theirs:
        agreed = compare(session, theirs, books.days)

    assert agreed > 10_000
