"""Mapping: which of their columns holds what of ours, and how the file writes its dates and amounts; no session."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.importing import dates
from domain.importing.csv_files import SEPARATORS
from domain.shared.errors import N_, Invalid
from domain.shared.money import is_currency


class Ours(StrEnum):
    """The names of our columns; the first five are required."""

    ACCOUNT_NUMBER = "account_number"
    INVOICE_NUMBER = "invoice_number"
    ISSUED_ON = "issued_on"
    DUE_ON = "due_on"
    AMOUNT = "amount"
    PAID_ON = "paid_on"
    ACCOUNT_NAME = "account_name"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    CURRENCY = "currency"
    NET = "net"
    TAX = "tax"
    DESCRIPTION = "description"
    PURCHASE_ORDER = "purchase_order"
    DELIVERED_ON = "delivered_on"


REQUIRED = tuple(Ours)[:5]


class BookedAs(StrEnum):
    """What imported invoices stand against in the ledger."""

    SALES = "sales"
    OPENING_BALANCE = "opening-balance"


TABLES: dict[str, tuple[str, ...]] = {
    "file": ("date", "currency", "decimal", "encoding", "separator", "sheet"),
    "columns": tuple(Ours),
    "booking": ("as", "invite"),
}
"""What may stand in a mapping: its tables, and the names in each."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A valid mapping. `invite` gives the email address of each new account a login, too."""

    columns: dict[Ours, str]
    date: str = dates.ISO
    currency: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    booked_as: BookedAs = BookedAs.SALES
    invite: bool = False

    @classmethod
    def from_toml(cls, text: str) -> FileMapping:
        """Read a mapping as written in docs/importing.md. Raises Invalid, naming the place."""
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise Invalid(N_("The mapping is not TOML: {problem}"), field="mapping", problem=str(problem)) from problem
        return cls.from_values(tables)

    @classmethod
    def from_values(cls, tables: Mapping[str, Any]) -> FileMapping:
        """Read a mapping from its three tables, as TOML, a form or a stored batch has them. Raises Invalid."""
        _refuse_unknown(tables)
        file, booking = tables.get("file", {}), tables.get("booking", {})
        columns = {Ours(ours): theirs.strip() for ours, theirs in tables.get("columns", {}).items()}
        _refuse_missing(columns, file)
        _refuse_unusable(file)
        try:
            booked_as = BookedAs(booking.get("as", BookedAs.SALES))
        except ValueError as problem:
            raise Invalid(
                N_("Invoices are booked as one of: {known}."), field="as", known=_listed(BookedAs)
            ) from problem
        return cls(columns, **file, booked_as=booked_as, invite=bool(booking.get("invite", False)))

    def as_values(self) -> dict[str, dict[str, Any]]:
        """The three tables again, to be stored with a batch and filled into a form."""
        file = {name: value for name in TABLES["file"] if (value := getattr(self, name)) is not None}
        return {
            "file": file,
            "columns": {ours.value: theirs for ours, theirs in self.columns.items()},
            "booking": {"as": self.booked_as.value, "invite": self.invite},
        }


def _refuse_unknown(tables: Mapping[str, Any]) -> None:
    for table, entries in tables.items():
        if table not in TABLES:
            raise Invalid(N_("There is no “{name}” in a mapping; it has: {known}."), name=table, known=_listed(TABLES))
        if not isinstance(entries, Mapping):
            raise Invalid(N_("“{name}” in a mapping is a table of names."), field=table, name=table)
        for name, value in entries.items():
            if name not in TABLES[table]:
                raise Invalid(
                    N_("There is no “{name}” under {table} in a mapping; it has: {known}."),
                    field=table,
                    name=name,
                    table=table,
                    known=_listed(TABLES[table]),
                )
            _refuse_odd_value(name, value)


def _refuse_odd_value(name: str, value: Any) -> None:
    if name == "invite" and isinstance(value, bool):
        return
    if name == "invite" or not isinstance(value, str) or not 0 < len(value) <= LONGEST or not _readable(value):
        raise Invalid(N_("“{name}” in a mapping has a value that cannot be used."), field=name, name=name)


def _readable(value: str) -> bool:
    return value.replace("\t", "").isprintable()


def _refuse_missing(columns: Mapping[Ours, str], file: Mapping[str, str]) -> None:
    missing = [ours for ours in REQUIRED if ours not in columns]
    if missing:
        raise Invalid(
            N_("The mapping does not say which column is: {missing}."), field=missing[0], missing=_listed(missing)
        )
    if Ours.CURRENCY not in columns and "currency" not in file:
        raise Invalid(
            N_('The mapping says no currency: declare it (currency = "EUR"), or name the column that has it.'),
            field="currency",
        )


def _refuse_unusable(file: Mapping[str, str]) -> None:
    if "currency" in file and not is_currency(file["currency"]):
        raise Invalid(N_("“{value}” is not a currency."), field="currency", value=file["currency"])
    if not dates.is_format(file.get("date", dates.ISO)):
        raise Invalid(
            N_("“{value}” is no format of a date: write iso, or for example %d/%m/%Y."),
            field="date",
            value=file["date"],
        )
    if file.get("decimal", ".") not in ".,":
        raise Invalid(N_("The decimal sign is a point or a comma."), field="decimal")
    if file.get("separator", ",") not in SEPARATORS:
        raise Invalid(N_("Columns are separated by a comma, a semicolon, a tab or a |."), field="separator")
    _refuse_encoding(file.get("encoding", "utf-8"))


def _refuse_encoding(name: str) -> None:
    try:
        "1".encode(name).decode(name)
    except (LookupError, ValueError) as problem:
        raise Invalid(
            N_("“{value}” is not an encoding of text that we know."), field="encoding", value=name
        ) from problem


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names)
