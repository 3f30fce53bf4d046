"""Sums: what a trial comes to, without what is behind each number: small enough to be kept, added up and shown.

A trial of many accounts is made in parts; the sums of all its parts are those of the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest

from domain.policies.sections import Reference
from domain.reporting.trial.columns import COLUMNS
from domain.reporting.trial.trying import InCurrency, Number, Trial, difference_of
from domain.reporting.trial.values import Kind

MOST = 100
"""So many accounts are kept of all, and of each column, the most different ones."""
NOTHING = Number()


@dataclass(frozen=True, slots=True)
class RowSum:
    """One account: its numbers by column, those that say something."""

    account_id: int
    numbers: Mapping[str, Number]

    def number(self, key: str) -> Number:
        """Its number in a column; nothing where that says nothing."""
        return self.numbers.get(key, NOTHING)


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """All accounts in one currency of which there is something to say: their sums, how many they are, and the first.

    `rows` are the most different ones of all, and `of_column` those of each column, with how many it has.
    """

    currency: str
    totals: Mapping[str, Number]
    kinds: Mapping[str, Sequence[tuple[Kind, Number]]]
    count: int
    rows: Sequence[RowSum]
    of_column: Mapping[str, tuple[int, Sequence[RowSum]]]


@dataclass(frozen=True, slots=True)
class Sums:
    """A trial of so many accounts: its sums by currency, and how many invoices wait for which missing rate."""

    accounts: int = 0
    currencies: Sequence[CurrencySum] = ()
    missing: Mapping[tuple[Reference, date], int] = field(default_factory=dict)


def summed(trial: Trial) -> Sums:
    """The sums of a trial."""
    return Sums(trial.accounts, [_in_currency(each) for each in trial.currencies], dict(trial.missing))


def rows_of(found: InCurrency) -> list[RowSum]:
    """All accounts in a currency with what their numbers say, the most different first."""
    rows = [
        RowSum(row.account.id, {key: number for key, number in row.numbers.items() if number.says})
        for row in found.rows
    ]
    return _first(rows, len(rows))


def together(one: Sums, other: Sums) -> Sums:
    """The sums of two parts of a trial, of different accounts."""
    by_currency = {each.currency: each for each in one.currencies}
    for each in other.currencies:
        there = by_currency.get(each.currency)
        by_currency[each.currency] = each if there is None else _added(there, each)
    missing = dict(one.missing)
    for key, count in other.missing.items():
        missing[key] = missing.get(key, 0) + count
    return Sums(one.accounts + other.accounts, [by_currency[key] for key in sorted(by_currency)], missing)


def _in_currency(found: InCurrency) -> CurrencySum:
    rows = rows_of(found)
    of_column = {}
    for column in COLUMNS:
        saying = [row for row in rows if column.key in row.numbers]
        if saying:
            of_column[column.key] = len(saying), _first_of(column.key, saying)
    return CurrencySum(found.currency, found.totals, found.kinds, len(rows), rows[:MOST], of_column)


def _added(one: CurrencySum, other: CurrencySum) -> CurrencySum:
    of_column = {}
    for key in {**one.of_column, **other.of_column}:
        counts, rows = zip(*(each.of_column[key] for each in (one, other) if key in each.of_column), strict=True)
        of_column[key] = sum(counts), _first_of(key, [row for some in rows for row in some])
    return CurrencySum(
        one.currency,
        {column.key: one.totals[column.key] + other.totals[column.key] for column in COLUMNS},
        _kinds(one.kinds, other.kinds),
        one.count + other.count,
        _first([*one.rows, *other.rows], MOST),
        of_column,
    )


def _kinds(*several: Mapping[str, Sequence[tuple[Kind, Number]]]) -> dict[str, list[tuple[Kind, Number]]]:
    """The sums by kind of several parts, in the order of the kinds."""
    found: dict[str, dict[str, tuple[Kind, Number]]] = {}
    for kinds in several:
        for key, counted in kinds.items():
            there = found.setdefault(key, {})
            for kind, number in counted:
                there[kind.key] = kind, there[kind.key][1] + number if kind.key in there else number
    return {key: sorted(there.values(), key=lambda each: each[0].place) for key, there in found.items()}


def _first(rows: Collection[RowSum], most: int) -> list[RowSum]:
    return nsmallest(most, rows, key=lambda row: (*(-part for part in difference_of(row.numbers)), row.account_id))


def _first_of(key: str, rows: Iterable[RowSum]) -> list[RowSum]:
    return nsmallest(MOST, rows, key=lambda row: (-abs(row.numbers[key].difference), row.account_id))
