"""Exporting: a trial as plain values for JSON, and as CSV with a row for each account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.policies.interest import Stretch
from domain.reporting.trial.columns import COLUMNS
from domain.reporting.trial.sums import NOTHING
from domain.reporting.trial.trying import AccountRow, InCurrency, Number, Trial
from domain.reporting.trial.values import Entry, Unit
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, MEDIA_TYPE, csv_row, safe_cell

__all__ = ["MEDIA_TYPE", "Line", "lines_of", "shown", "trial_csv", "trial_report"]
ABOUT = (N_("Account"), N_("Name"), N_("Currency"))
TRIED, IN_FORCE, HAPPENED = N_("{column}: tried"), N_("{column}: in force"), N_("{column}: happened")


def shown(number: int, unit: Unit, currency: str) -> Money | int:
    """A number as an amount, or as a number of days, notices or plans."""
    return Money(number, currency) if unit is Unit.MONEY else number


@dataclass(frozen=True, slots=True)
class Line:
    """One account of a trial as the file has it."""

    number: str
    name: str
    currency: str
    numbers: Mapping[str, Number]


def lines_of(trial: Trial) -> Iterator[Line]:
    """The accounts of a trial in its own order."""
    for each in trial.currencies:
        for row in each.rows:
            yield Line(row.account.number, row.account.name, each.currency, row.numbers)


def trial_csv(lines: Iterable[Line], speaking: Speaking) -> Iterator[bytes]:
    """A row for each account with each column's three numbers: amounts with a decimal point, days as numbers."""
    heads = [
        speaking.translate(words, column=speaking.translate(column.name))
        for column in COLUMNS
        for words in (TRIED, IN_FORCE, HAPPENED)
    ]
    yield (BYTE_ORDER_MARK + csv_row([*(speaking.translate(name) for name in ABOUT), *heads])).encode()
    for line in lines:
        about = [safe_cell(line.number), safe_cell(line.name), line.currency]
        numbers = [
            _plain(number, column.unit, line.currency)
            for column in COLUMNS
            for number in _three(line.numbers.get(column.key, NOTHING))
        ]
        yield csv_row([*about, *numbers]).encode()


def trial_report(trial: Trial) -> dict[str, Any]:
    """All of it, down to the rows of each working: amounts as decimal strings, days as numbers."""
    return {
        "from": trial.first.isoformat(),
        "to": trial.last.isoformat(),
        "accounts": trial.accounts,
        "currencies": {each.currency: _in_currency(each) for each in trial.currencies},
        "missing_rates": [
            {"reference": reference.value, "day": day.isoformat(), "invoices": count}
            for (reference, day), count in sorted(trial.missing.items())
        ],
    }


def _in_currency(found: InCurrency) -> dict[str, Any]:
    totals = {
        column.key: {
            **_number(found.totals[column.key], column.unit, found.currency),
            "accounts_tried": found.totals[column.key].accounts_would,
            "accounts_in_force": found.totals[column.key].accounts_in_force,
            "accounts_happened": found.totals[column.key].accounts_was,
        }
        for column in COLUMNS
    }
    kinds = {
        column.key: [
            {"kind": kind.key, **_number(number, column.unit, found.currency)}
            for kind, number in found.kinds[column.key]
        ]
        for column in COLUMNS
        if column.key in found.kinds
    }
    return {"totals": totals, "kinds": kinds, "accounts": [_account(row) for row in found.rows]}


def _account(row: AccountRow) -> dict[str, Any]:
    currency = row.account.currency
    return {
        "account": row.account.number,
        **{
            column.key: {
                **_number(row.numbers[column.key], column.unit, currency),
                "entries": [_entry(entry, column.unit, currency) for entry in row.entries.get(column.key, ())],
            }
            for column in COLUMNS
        },
    }


def _number(number: Number | Entry, unit: Unit, currency: str) -> dict[str, Any]:
    tried, in_force, happened = (_value(each, unit, currency) for each in _three(number))
    return {"tried": tried, "in_force": in_force, "happened": happened}


def _three(number: Number | Entry) -> tuple[int, int, int]:
    return number.would, number.in_force, number.was


def _entry(entry: Entry, unit: Unit, currency: str) -> dict[str, Any]:
    return {
        "invoice": entry.number,
        "on": entry.on.isoformat(),
        **_number(entry, unit, currency),
        **({"kind": entry.kind.key} if entry.kind else {}),
        "said": [str(words) for words in entry.said],
        "rows": _rows(entry.rows),
    }


def _rows(rows: Sequence[Stretch]) -> list[dict[str, Any]]:
    return [
        {
            "from": row.first.isoformat(),
            "to": row.last.isoformat(),
            "days": row.days,
            "principal": str(row.principal.decimal),
            "rate": str(row.rate),
            "days_of_year": row.year_days,
        }
        for row in rows
    ]


def _value(number: int, unit: Unit, currency: str) -> str | int:
    return str(Money(number, currency).decimal) if unit is Unit.MONEY else number


def _plain(number: int, unit: Unit, currency: str) -> str:
    return str(_value(number, unit, currency))
