"""Trying: run sections over a past period for some accounts, column by column, and put the answers together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.policies.sections import Reference, Sections
from domain.reporting.trial.columns import COLUMNS
from domain.reporting.trial.history import read_history
from domain.reporting.trial.in_force import InForce
from domain.reporting.trial.values import Entry, Kind, Trying, Unit
from domain.shared.chunking import chunks
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.shared.errors import N_, Invalid

AT_ONCE = 200
"""Accounts that are read at a time."""
LONGEST = timedelta(days=3 * 366)
"""So long a period can be: more is seldom meant, and takes its time."""


@dataclass(frozen=True, slots=True)
class Number:
    """What would have been, what the version in force would have made of it, and what was, in the unit of its column.

    And of how many accounts each is the sum.
    """

    would: int = 0
    in_force: int = 0
    was: int = 0
    accounts_would: int = 0
    accounts_in_force: int = 0
    accounts_was: int = 0

    @property
    def difference(self) -> int:
        """How much more it would have been than by the version in force, tried on the same days."""
        return self.would - self.in_force

    @property
    def says(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.would or self.in_force or self.was)

    def __add__(self, other: Number) -> Number:
        return Number(
            self.would + other.would,
            self.in_force + other.in_force,
            self.was + other.was,
            self.accounts_would + other.accounts_would,
            self.accounts_in_force + other.accounts_in_force,
            self.accounts_was + other.accounts_was,
        )


def difference_of(numbers: Mapping[str, Number]) -> tuple[int, ...]:
    """By how much they differ from the version in force, then from what was: in money, days, notices, plans."""
    units = [[numbers[each.key] for each in COLUMNS if each.unit is unit and each.key in numbers] for unit in Unit]
    return (
        *(sum(abs(each.difference) for each in of_unit) for of_unit in units),
        *(sum(abs(each.would - each.was) for each in of_unit) for of_unit in units),
    )


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account: its row of the accounts' table, a number for each column by its key, and what is behind them."""

    account: AnyRow
    numbers: Mapping[str, Number]
    entries: Mapping[str, Sequence[Entry]]

    @property
    def difference(self) -> tuple[int, ...]:
        """By how much it differs, for its place among the others."""
        return difference_of(self.numbers)


@dataclass(frozen=True, slots=True)
class InCurrency:
    """All accounts in one currency of which there is something to say: their sums, and they, most different first.

    `kinds` are the sums of each kind of thing, in their order, for the columns that count several kinds.
    """

    currency: str
    totals: Mapping[str, Number]
    rows: Sequence[AccountRow]
    kinds: Mapping[str, Sequence[tuple[Kind, Number]]]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: of how many accounts, by currency; and how many invoices wait for which missing rate."""

    first: date
    last: date
    accounts: int
    currencies: Sequence[InCurrency]
    missing: Mapping[tuple[Reference, date], int]


def usual_period(session: Session) -> tuple[date, date]:
    """The past year, up to yesterday."""
    last = today(session) - timedelta(days=1)
    return last - timedelta(days=364), last


def check_days(session: Session, first: date, last: date) -> None:
    """Invalid for a period that is upside down, too long or not over."""
    if first > last:
        raise Invalid(N_("The last day is before the first."), field="to")
    if last > today(session):
        raise Invalid(N_("Choose days that are past."), field="to")
    if last - first > LONGEST:
        raise Invalid(N_("Choose at most three years."), field="from")


def try_out(session: Session, sections: Sections, account_ids: Sequence[int], first: date, last: date) -> Trial:
    """What these sections would have done to these accounts from `first` to `last`, beside what happened.

    And beside what the version that rules each account today would have done. As if they had ruled all of the
    accounts' invoices, and as if everybody had paid as they did. Reads only. Raises what `check_days` does.
    """
    check_days(session, first, last)
    accounts: dict[int, AnyRow] = {}
    behind: dict[int, dict[str, list[Entry]]] = {}
    missing: Counter[tuple[Reference, date]] = Counter()
    for some in chunks(account_ids, AT_ONCE):
        trying = Trying(sections, read_history(session, some, sections, last), first, last)
        in_force = InForce(session, some, sections, first, last)
        for column in COLUMNS:
            answer = column.answer(session, trying)
            missing.update((each.reference, each.day) for each in answer.missing)
            for entry in in_force.beside(session, column, answer.entries):
                accounts[entry.account_id] = trying.history.accounts[entry.account_id]
                behind.setdefault(entry.account_id, defaultdict(list))[column.key].append(entry)
    rows = [AccountRow(accounts[each], _numbers(entries), entries) for each, entries in behind.items()]
    return Trial(first, last, len(account_ids), _by_currency(rows), missing)


def _numbers(entries: Mapping[str, Sequence[Entry]]) -> dict[str, Number]:
    return {column.key: _number(entries.get(column.key, ())) for column in COLUMNS}


def _number(entries: Sequence[Entry]) -> Number:
    would, was = sum(each.would for each in entries), sum(each.was for each in entries)
    in_force = sum(each.in_force for each in entries)
    return Number(would, in_force, was, int(would != 0), int(in_force != 0), int(was != 0))


def _by_currency(rows: Collection[AccountRow]) -> list[InCurrency]:
    found = []
    for currency in sorted({row.account.currency for row in rows}):
        ours = [row for row in rows if row.account.currency == currency]
        ours.sort(key=lambda row: (*(-part for part in row.difference), row.account.number))
        totals = {column.key: _sum([row.numbers[column.key] for row in ours]) for column in COLUMNS}
        found.append(InCurrency(currency, totals, ours, _kinds(ours)))
    return found


def _kinds(rows: Sequence[AccountRow]) -> dict[str, list[tuple[Kind, Number]]]:
    """The sums by kind of what each column counts."""
    kinds: dict[tuple[str, str], Kind] = {}
    numbers: dict[tuple[str, str], list[Number]] = {}
    for row in rows:
        for key, entries in row.entries.items():
            of_account: dict[tuple[str, str], list[Entry]] = {}
            for entry in entries:
                if entry.kind is not None:
                    kinds[key, entry.kind.key] = entry.kind
                    of_account.setdefault((key, entry.kind.key), []).append(entry)
            for each, of_kind in of_account.items():
                numbers.setdefault(each, []).append(_number(of_kind))
    found: dict[str, list[tuple[Kind, Number]]] = {}
    for each in sorted(kinds, key=lambda each: kinds[each].place):
        found.setdefault(each[0], []).append((kinds[each], _sum(numbers[each])))
    return found


def _sum(numbers: Sequence[Number]) -> Number:
    return sum(numbers, Number())
