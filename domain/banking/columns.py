"""Columns: which column of a bank's table holds what, remembered for each bank account; no session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.shared.errors import N_, Invalid
from domain.shared.money import is_currency


class Column(StrEnum):
    """What a column of a bank's table can be; the day and either the amount or debit and credit are needed."""

    BOOKED_ON = "booked_on"
    VALUE_ON = "value_on"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"
    CURRENCY = "currency"
    TEXT = "text"
    NAME = "counterparty_name"
    COUNTERPARTY = "counterparty_account"
    REFERENCE = "reference"
    BANK_REF = "bank_ref"
    CODE = "code"


ISO = "iso"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class BankColumns:
    """Which of their columns is which of ours, whose account it is, and how days and amounts are written.

    `date` is a strptime format or "iso"; `decimal` is "." or ",", or None for what each amount itself proves. Without
    a column of balances nothing proves that a table is whole.
    """

    account: str
    currency: str
    columns: Mapping[Column, str]
    date: str = ISO
    decimal: str | None = None
    encoding: str | None = None
    separator: str | None = None

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> BankColumns:
        """Read stored or typed values (the names of `as_values`); raises Invalid naming the field."""
        columns = _columns(values.get("columns", {}))
        currency = _text(values, "currency") or ""
        if not is_currency(currency):
            raise Invalid(N_("“{value}” is not a currency."), field="currency", value=currency)
        decimal = _text(values, "decimal")
        if decimal not in (None, ".", ","):
            raise Invalid(N_("The decimal sign is a point or a comma."), field="decimal")
        return cls(
            account=_text(values, "account") or "",
            currency=currency,
            columns=columns,
            date=_text(values, "date") or ISO,
            decimal=decimal,
            encoding=_text(values, "encoding"),
            separator=_text(values, "separator"),
        )

    def as_values(self) -> dict[str, Any]:
        """Plain values, to be stored with the bank account and filled into a form."""
        return {
            "account": self.account,
            "currency": self.currency,
            "columns": {ours.value: theirs for ours, theirs in self.columns.items()},
            "date": self.date,
            "decimal": self.decimal,
            "encoding": self.encoding,
            "separator": self.separator,
        }


def _columns(values: Any) -> dict[Column, str]:
    if not isinstance(values, Mapping):
        raise Invalid(N_("Say which column is which."), field="columns")
    try:
        columns = {Column(ours): str(theirs).strip()[:LONGEST] for ours, theirs in values.items() if theirs}
    except ValueError as problem:
        raise Invalid(N_("Say which column is which."), field="columns") from problem
    if Column.BOOKED_ON not in columns:
        raise Invalid(N_("Say which column holds the day of booking."), field=Column.BOOKED_ON)
    sides = {Column.DEBIT, Column.CREDIT} & columns.keys()
    if (Column.AMOUNT in columns) == bool(sides) or len(sides) == 1:
        raise Invalid(N_("Say which column holds the amount, or which two hold debits and credits."), field="amount")
    return columns


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Invalid(N_("This value cannot be used."), field=name)
    return value if name == "separator" else value.strip()
