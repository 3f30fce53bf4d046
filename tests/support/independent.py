"""Independent: the ageing and key figures by DuckDB from the raw rows, in SQL that shares nothing with the product."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.receivables.aged_rows import aged_accounts, aged_invoices
from domain.receivables.ageing import ageing
from domain.reporting.figures import figures

SQL = Path(__file__).parents[1] / "domain" / "reporting" / "independent" / "figures.sql"
RAW = {
    "invoice": {
        "id": "BIGINT",
        "account_id": "BIGINT",
        "kind": "VARCHAR",
        "status": "VARCHAR",
        "issued_on": "DATE",
        "due_on": "DATE",
        "delivered_on": "DATE",
        "currency": "VARCHAR",
        "amount_minor": "BIGINT",
    },
    "allocation": {
        "id": "BIGINT",
        "credit_item_id": "BIGINT",
        "invoice_id": "BIGINT",
        "amount_minor": "BIGINT",
        "effective_on": "DATE",
        "reverses_id": "BIGINT",
    },
    "credit_item": {
        "id": "BIGINT",
        "account_id": "BIGINT",
        "kind": "VARCHAR",
        "currency": "VARCHAR",
        "amount_minor": "BIGINT",
        "effective_on": "DATE",
        "voided_at": "VARCHAR",
    },
    "withdrawal": {"id": "BIGINT", "credit_item_id": "BIGINT", "amount_minor": "BIGINT", "effective_on": "DATE"},
    "credit_note": {
        "id": "BIGINT",
        "invoice_id": "BIGINT",
        "currency": "VARCHAR",
        "issued_on": "DATE",
        "amount_minor": "BIGINT",
    },
    "extension": {
        "id": "BIGINT",
        "invoice_id": "BIGINT",
        "was_due_on": "DATE",
        "due_on": "DATE",
        "granted_on": "DATE",
    },
    "extension_cut": {"id": "BIGINT", "invoice_id": "BIGINT", "due_on": "DATE", "cut_on": "DATE"},
}
"""The columns that are copied, as they lie in the tables."""
FIGURE_NAMES = (
    "sales",
    "opening",
    "closing",
    "current",
    "dso",
    "best_possible_dso",
    "average_days_delinquent",
    "count_back_dso",
    "cei",
    "weighted_average_delay",
    "invoice_lag",
)
"""What the SQL answers, in its order: amounts in minor units, all else in hundredths."""


@dataclass(frozen=True, slots=True)
class Independent:
    """The raw rows in DuckDB, ready to be asked."""

    duck: duckdb.DuckDBPyConnection

    def buckets(self, day: date) -> dict[tuple[str, str], tuple[int, int]]:
        """By currency and bucket: minor units and how many invoices."""
        asked = "SELECT currency, bucket, sum(minor), count(*) FROM aged_on_day(?::DATE) GROUP BY ALL"
        return {(cur, bucket): (int(minor), many) for cur, bucket, minor, many in self._all(asked, day)}

    def by_account(self, day: date) -> dict[tuple[str, int, str], int]:
        """By currency, account and bucket: minor units."""
        asked = "SELECT currency, account_id, bucket, sum(minor) FROM aged_on_day(?::DATE) GROUP BY ALL"
        return {(cur, account, bucket): int(minor) for cur, account, bucket, minor in self._all(asked, day)}

    def credit(self, day: date) -> dict[str, tuple[int, int]]:
        """Unapplied credit by currency: minor units and how many credits."""
        asked = "SELECT currency, sum(minor), count(*) FROM free_on_day(?::DATE) GROUP BY ALL"
        return {cur: (int(minor), many) for cur, minor, many in self._all(asked, day)}

    def figures(self, first: date, last: date, currency: str) -> dict[str, int | None]:
        """The key figures of a period."""
        (row,) = self._all("SELECT * FROM figures_of(?::DATE, ?::DATE, ?)", first, last, currency)
        return {name: None if value is None else int(value) for name, value in zip(FIGURE_NAMES, row, strict=True)}

    def _all(self, asked: str, *values: object) -> list[tuple[Any, ...]]:
        return self.duck.execute(asked, list(values)).fetchall()


@contextmanager
def independent(session: Session, folder: Path) -> Iterator[Independent]:
    """The books of the session's database in DuckDB."""
    with duckdb.connect(":memory:", config={"threads": 1}) as duck:
        for table, columns in RAW.items():
            path = folder / f"{table}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                rows = session.execute(text(f"SELECT {', '.join(columns)} FROM {table}"))
                csv.writer(file).writerows([list(columns), *rows])
            duck.execute(
                f"CREATE TABLE {table} AS FROM read_csv(?, header=true, auto_detect=false, columns=?, nullstr='')",
                [str(path), columns],
            )
        duck.execute(SQL.read_text())
        yield Independent(duck)


def ours_by_bucket(session: Session, day: date) -> dict[tuple[str, str], tuple[int, int]]:
    """The product's ageing in the same shape, without empty buckets."""
    return {
        (currency, bucket.value): (share.amount.minor, share.count)
        for currency, aged in ageing(session, day).items()
        for bucket, share in aged.buckets.items()
        if share.count
    }


def ours_by_account(session: Session, day: date) -> dict[tuple[str, int, str], int]:
    """The product's ageing by account in the same shape."""
    return {
        (currency, each.account_id, bucket.value): amount.minor
        for currency in ageing(session, day)
        for each in aged_accounts(session, day, currency)
        for bucket, amount in each.buckets.items()
        if amount
    }


def ours_by_invoice(session: Session, day: date) -> dict[tuple[str, str], tuple[int, int]]:
    """The rows behind each bucket, added up."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for currency, bucket in ours_by_bucket(session, day):
        rows = aged_invoices(session, day, currency, bucket=bucket)
        found[currency, bucket] = (sum(row.open.minor for row in rows), len(rows))
    return found


def ours_credit(session: Session, day: date) -> dict[str, tuple[int, int]]:
    """The product's unapplied credit."""
    return {
        currency: (aged.credit.amount.minor, aged.credit.count)
        for currency, aged in ageing(session, day).items()
        if aged.credit.count
    }


def ours_figures(session: Session, first: date, last: date) -> Mapping[str, dict[str, int | None]]:
    """The product's figures by currency, in the same shape."""
    return {
        currency: {
            "sales": found.credit_sales.minor,
            "opening": found.opening.minor,
            "closing": found.closing.minor,
            "current": found.current.minor,
            "dso": hundredths(found.dso),
            "best_possible_dso": hundredths(found.best_possible_dso),
            "average_days_delinquent": hundredths(found.average_days_delinquent),
            "count_back_dso": hundredths(found.count_back_dso),
            "cei": hundredths(found.collection_effectiveness),
            "weighted_average_delay": hundredths(found.weighted_average_delay),
            "invoice_lag": hundredths(found.invoice_lag),
        }
        for currency, found in figures(session, first, last).items()
    }


def compare(session: Session, theirs: Independent, days: Iterable[date]) -> int:
    """Hold ageing and figures of each day, its month and its 90 days against each other; how many numbers agreed."""
    agreed = 0
    for day in days:
        buckets, by_account, credit = theirs.buckets(day), theirs.by_account(day), theirs.credit(day)
        assert ours_by_bucket(session, day) == buckets, day
        assert ours_by_account(session, day) == by_account, day
        assert ours_by_invoice(session, day) == buckets, day
        assert ours_credit(session, day) == credit, day
        agreed += 2 * len(buckets) + len(by_account) + 2 * len(credit)
        for first in (day.replace(day=1), day - timedelta(days=89)):
            for currency, found in ours_figures(session, first, day).items():
                assert found == theirs.figures(first, day, currency), (first, day, currency)
                agreed += len(found)
    return agreed


def hundredths(number: Decimal | None) -> int | None:
    """A figure of two decimals as whole hundredths."""
    return None if number is None else int(number.scaleb(2))
