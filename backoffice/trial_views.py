"""Trial views: a trial as plain values for its pages: totals, accounts, and what is behind the numbers of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.reporting.trial.columns import COLUMNS
from domain.reporting.trial.exporting import shown
from domain.reporting.trial.sums import CurrencySum, RowSum
from domain.reporting.trial.trying import AccountRow, Number
from domain.reporting.trial.values import Column, Entry
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money
from domain.shared.words import Words
from web.lateness import RowView, row_views


@dataclass(frozen=True, slots=True)
class TotalView:
    """The sums of one column: amounts or days, and of how many accounts; `href` shows the accounts of that column."""

    key: str
    name: str
    would: Money | int
    accounts_would: int
    in_force: Money | int
    accounts_in_force: int
    was: Money | int
    accounts_was: int
    difference: Money | int
    href: str = ""


@dataclass(frozen=True, slots=True)
class CellView:
    """One account's numbers in a column; all None where there is nothing. `href` opens what is behind them."""

    name: str
    would: Money | int | None
    in_force: Money | int | None
    was: Money | int | None
    href: str


@dataclass(frozen=True, slots=True)
class RowOfAccount:
    """One account with a cell for each column that is shown."""

    number: str
    name: str
    href: str
    cells: Sequence[CellView]


@dataclass(frozen=True, slots=True)
class KindsView:
    """One column that counts several kinds of things: its name, and each kind with what is tried and what happened."""

    key: str
    name: str
    rows: Sequence[tuple[Words, TotalView]]


@dataclass(frozen=True, slots=True)
class InCurrencyView:
    """All accounts in one currency: every column's sums, the names of those that say something, the first rows.

    `chosen` is the name of the one column whose accounts are shown, `more` how many are not. `kinds` are the columns
    that count several kinds of things.
    """

    currency: str
    totals: Sequence[TotalView]
    names: Sequence[str]
    rows: Sequence[RowOfAccount]
    more: int
    chosen: str | None
    kinds: Sequence[KindsView]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One thing behind a number; `path` leads to its invoice, `kind` says what it is where there are several kinds."""

    number: str | None
    path: str | None
    on: date
    would: Money | int
    in_force: Money | int
    was: Money | int
    said: Sequence[Words]
    rows: Sequence[RowView]
    kind: Words | None


@dataclass(frozen=True, slots=True)
class BehindView:
    """One column of one account: its sums, and what they are made of."""

    total: TotalView
    entries: Sequence[EntryView]

    @property
    def has_working(self) -> bool:
        """Whether any of it was reckoned in rows."""
        return any(entry.rows for entry in self.entries)


def shown_rows(found: CurrencySum, by: str) -> Sequence[RowSum]:
    """The accounts that are shown: the most different ones of all, or of the one column whose key is `by`."""
    return found.of_column[by][1] if by in found.of_column else found.rows


def currency_view(
    found: CurrencySum,
    labels: Mapping[int, AnyRow],
    *,
    by: str,
    href: Callable[[int], str],
    href_by: Callable[[str], str],
) -> InCurrencyView:
    """The sums and the accounts that are shown: of all, or of the one column whose key is `by`.

    `labels` are the numbers and names of accounts by id. `href` leads to an account's part of the trial, `href_by` to
    the accounts of a column.
    """
    totals = [
        replace(_total(column, found.totals[column.key], found.currency), href=href_by(column.key))
        for column in COLUMNS
    ]
    chosen = next((column for column in COLUMNS if column.key == by and by in found.of_column), None)
    columns = [column for column in COLUMNS if found.totals[column.key].says and chosen in (None, column)]
    wanted = shown_rows(found, by)
    rows = [
        RowOfAccount(
            labels[row.account_id].number,
            labels[row.account_id].name,
            href(row.account_id),
            [_cell(column, row.number(column.key), found.currency, href(row.account_id)) for column in columns],
        )
        for row in wanted
    ]
    more = (found.of_column[chosen.key][0] if chosen else found.count) - len(wanted)
    kinds = [
        KindsView(
            column.key,
            column.name,
            [(kind.name, _total(column, number, found.currency)) for kind, number in found.kinds[column.key]],
        )
        for column in COLUMNS
        if column.key in found.kinds
    ]
    names = [column.name for column in columns]
    return InCurrencyView(found.currency, totals, names, rows, more, chosen.name if chosen else None, kinds)


def behind_view(row: AccountRow) -> list[BehindView]:
    """What is behind each number of an account, column by column, where there is anything."""
    currency = row.account.currency
    return [
        BehindView(
            _total(column, row.numbers[column.key], currency),
            [_entry(column, entry, currency) for entry in row.entries[column.key]],
        )
        for column in COLUMNS
        if row.entries.get(column.key)
    ]


def _total(column: Column, number: Number, currency: str) -> TotalView:
    return TotalView(
        column.key,
        column.name,
        shown(number.would, column.unit, currency),
        number.accounts_would,
        shown(number.in_force, column.unit, currency),
        number.accounts_in_force,
        shown(number.was, column.unit, currency),
        number.accounts_was,
        shown(number.difference, column.unit, currency),
    )


def _cell(column: Column, number: Number, currency: str, href: str) -> CellView:
    href = f"{href}#{column.key}"
    if not number.says:
        return CellView(column.name, None, None, None, href)
    would, in_force, was = (shown(each, column.unit, currency) for each in (number.would, number.in_force, number.was))
    return CellView(column.name, would, in_force, was, href)


def _entry(column: Column, entry: Entry, currency: str) -> EntryView:
    return EntryView(
        entry.number,
        f"/accounts/{entry.account_id}/invoices/{entry.invoice_id}" if entry.invoice_id is not None else None,
        entry.on,
        shown(entry.would, column.unit, currency),
        shown(entry.in_force, column.unit, currency),
        shown(entry.was, column.unit, currency),
        entry.said,
        row_views(entry.rows),
        entry.kind.name if entry.kind else None,
    )
