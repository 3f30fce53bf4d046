"""Plain: the sums of a trial, and its accounts' numbers, to and from JSON's own types, so that they can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.policies.sections import Reference
from domain.reporting.sheets.plain import words_from_plain, words_to_plain
from domain.reporting.trial.columns import COLUMNS
from domain.reporting.trial.sums import NOTHING, CurrencySum, RowSum, Sums
from domain.reporting.trial.trying import Number
from domain.reporting.trial.values import Kind


def to_plain(sums: Sums) -> dict[str, Any]:
    """The sums in JSON's own types."""
    return {
        "accounts": sums.accounts,
        "currencies": [_currency(each) for each in sums.currencies],
        "missing": [
            [reference.value, day.isoformat(), count] for (reference, day), count in sorted(sums.missing.items())
        ],
    }


def from_plain(plain: Mapping[str, Any]) -> Sums:
    """The sums that `to_plain` made these of; of nothing, none."""
    if not plain:
        return Sums()
    missing = {(Reference(reference), date.fromisoformat(day)): count for reference, day, count in plain["missing"]}
    return Sums(plain["accounts"], [_read_currency(each) for each in plain["currencies"]], missing)


def row_to_plain(row: RowSum) -> list[Any]:
    """An account's id, and by column what was tried, in force and was."""
    return [row.account_id, {key: [each.would, each.in_force, each.was] for key, each in row.numbers.items()}]


def row_from_plain(plain: list[Any]) -> RowSum:
    """The account that `row_to_plain` made these of."""
    account_id, numbers = plain
    return RowSum(account_id, {key: _of_account(*three) for key, three in numbers.items()})


def _of_account(would: int, in_force: int, was: int) -> Number:
    return Number(would, in_force, was, int(would != 0), int(in_force != 0), int(was != 0))


def _currency(found: CurrencySum) -> dict[str, Any]:
    return {
        "currency": found.currency,
        "totals": {key: _number(number) for key, number in found.totals.items() if number != NOTHING},
        "kinds": {
            key: [[kind.key, list(kind.place), words_to_plain(kind.name), _number(number)] for kind, number in counted]
            for key, counted in found.kinds.items()
        },
        "count": found.count,
        "rows": [row_to_plain(row) for row in found.rows],
        "of_column": {
            key: [count, [row_to_plain(row) for row in rows]] for key, (count, rows) in found.of_column.items()
        },
    }


def _read_currency(plain: Mapping[str, Any]) -> CurrencySum:
    totals = {key: Number(*numbers) for key, numbers in plain["totals"].items()}
    return CurrencySum(
        currency=plain["currency"],
        totals={column.key: totals.get(column.key, NOTHING) for column in COLUMNS},
        kinds={key: [_read_kind(*each) for each in counted] for key, counted in plain["kinds"].items()},
        count=plain["count"],
        rows=[row_from_plain(row) for row in plain["rows"]],
        of_column={
            key: (count, [row_from_plain(row) for row in rows]) for key, (count, rows) in plain["of_column"].items()
        },
    )


def _read_kind(key: str, place: list[int], words: dict[str, Any], numbers: list[int]) -> tuple[Kind, Number]:
    return Kind(key, tuple(place), words_from_plain(words)), Number(*numbers)


def _number(number: Number) -> list[int]:
    return [
        number.would,
        number.in_force,
        number.was,
        number.accounts_would,
        number.accounts_in_force,
        number.accounts_was,
    ]
