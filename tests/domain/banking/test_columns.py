"""Columns: what a bank account remembers of its tables comes back as it was, and nonsense is refused by field."""

from __future__ import annotations

from typing import Any

import pytest

from domain.banking.columns import BankColumns, Column
from domain.shared.errors import Invalid
from tests.support.bank_files import COLUMNS

GOOD: dict[str, Any] = {"account": "1", "currency": "EUR", "columns": {"booked_on": "Date", "amount": "Amount"}}


def test_columns_come_back_as_they_were_stored() -> None:
    assert BankColumns.from_values(COLUMNS.as_values()) == COLUMNS


def test_debit_and_credit_together_stand_for_the_amount() -> None:
    columns = {"booked_on": "Date", "debit": "Out", "credit": "In", "name": ""}

    found = BankColumns.from_values(GOOD | {"columns": {k: v for k, v in columns.items() if k != "name"}})

    assert found.columns == {Column.BOOKED_ON: "Date", Column.DEBIT: "Out", Column.CREDIT: "In"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "XYZ"}, "currency"),
        ({"currency": 1}, "currency"),
        ({"decimal": ";"}, "decimal"),
        ({"date": "x" * 201}, "date"),
        ({"columns": "Date"}, "columns"),
        ({"columns": {"nonsense": "Date"}}, "columns"),
        ({"columns": {"amount": "Amount"}}, "booked_on"),
        ({"columns": {"booked_on": "Date"}}, "amount"),
        ({"columns": {"booked_on": "Date", "debit": "Out"}}, "amount"),
        ({"columns": {"booked_on": "Date", "amount": "A", "debit": "Out", "credit": "In"}}, "amount"),
    ],
)
def test_columns_that_cannot_be_used_are_refused_by_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        BankColumns.from_values(GOOD | change)

    assert refused.value.field == field
