"""Rows: turn one row of a file into the row that waits to be booked, or into all that is wrong with it; no session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from domain.importing import cells
from domain.importing.amounts import AmountReader
from domain.importing.dates import date_reader, plausible
from domain.importing.mapping import REQUIRED, FileMapping, Ours
from domain.importing.problems import Param, Problem, Unfit, Unreadable, visible
from domain.importing.tables import Cell, Table, position
from domain.shared.errors import N_
from domain.shared.ids import new_public_id
from domain.shared.money import Money

WaitingRow: TypeAlias = dict[str, Any]
"""The values of one ImportRow, without its batch."""

NO_MORE = N_("nothing to the right of the last named column")
ABOVE_ZERO = N_("an amount above zero; credit is not imported")
WITHIN = N_("an amount from zero up to the whole, {amount}")
ADDS_UP = N_("net and tax that add up to the amount, {amount}")
NOT_BEFORE = N_("a day not before {issued_on}, when the invoice was issued")
NOT_LATER = N_("a day that has come")

TEXTS = (
    Ours.ACCOUNT_NUMBER,
    Ours.INVOICE_NUMBER,
    Ours.ACCOUNT_NAME,
    Ours.EMAIL,
    Ours.PHONE,
    Ours.COUNTRY,
    Ours.LANGUAGE,
    Ours.TIME_ZONE,
    Ours.DESCRIPTION,
    Ours.PURCHASE_ORDER,
)
DAYS = (Ours.ISSUED_ON, Ours.DUE_ON, Ours.PAID_ON, Ours.DELIVERED_ON)
AMOUNTS = (Ours.AMOUNT, Ours.NET, Ours.TAX)


class RowReader:
    """Reads the rows of one table by one mapping; `today` and `at` are the moment of the import."""

    def __init__(self, mapping: FileMapping, table: Table, *, today: date, at: datetime) -> None:
        self.mapping = mapping
        self.width = len(table.headers)
        self.places = _places(mapping, table)
        self.today = today
        self.at = at
        self._days = date_reader(mapping.date)
        self._amounts = AmountReader(mapping.decimal)

    def read(self, row: int, cells_of_row: Sequence[Cell]) -> WaitingRow | list[Problem]:
        """The row's values, or everything that is wrong with it."""
        return _Row(self, row, cells_of_row).values()

    def parse(self, ours: Ours, cell: Cell, currency: str, row: int) -> Any:
        """One cell's value, None where it is empty; raises Unfit."""
        if ours in DAYS:
            return cells.day(cell, self._days, plausible)
        if ours in AMOUNTS:
            return cells.minor(cell, currency, row, self._amounts.read)
        return cells.text(cell, ours)


def _places(mapping: FileMapping, table: Table) -> dict[Ours, int]:
    """Where each column is; Unreadable with every one that is not there."""
    places: dict[Ours, int] = {}
    missing: list[Unreadable] = []
    for ours, theirs in mapping.columns.items():
        try:
            places[ours] = position(table.headers, theirs, table.header_row)
        except Unreadable as problem:
            missing.append(problem)
    if missing:
        missing[0].further += [problem.problem for problem in missing[1:]]
        raise missing[0]
    return places


class _Row:
    """One row while it is being read."""

    def __init__(self, reader: RowReader, row: int, cells_of_row: Sequence[Cell]) -> None:
        self.reader = reader
        self.row = row
        self.cells = cells_of_row
        self.problems: list[Problem] = []

    def values(self) -> WaitingRow | list[Problem]:
        """The row's values, or everything that is wrong with it."""
        currency = self._read(Ours.CURRENCY, "") or self.reader.mapping.currency
        read = {ours: self._read(ours, currency or "") for ours in (*TEXTS, *DAYS)}
        read |= {ours: self._read(ours, currency) if currency else None for ours in AMOUNTS}
        if currency is None and not self._told(Ours.CURRENCY):
            self._tell(Ours.CURRENCY, cells.SOMETHING)
        beyond = [str(cell) for cell in self.cells[self.reader.width :] if str(cell).strip()]
        if beyond:
            self.problems.append(Problem(self.row, None, visible(beyond[0]), NO_MORE))
        self._relate_days(*(read[ours] for ours in DAYS))
        if currency and read[Ours.AMOUNT] is not None:
            self._relate_amounts(read, currency)
        if self.problems or not currency:
            return self.problems
        return self._waiting(read, currency)

    def _read(self, ours: Ours, currency: str) -> Any:
        if ours not in self.reader.places:
            return None
        try:
            value = self.reader.parse(ours, self._cell(ours), currency, self.row)
        except Unfit as problem:
            self._tell(ours, problem.expected, **problem.params)
            return None
        if value is None and ours in REQUIRED:
            self._tell(ours, cells.SOMETHING)
        return value

    def _relate_amounts(self, read: dict[Ours, Any], currency: str) -> None:
        """What must hold between the amounts of one row; a net amount alone says what the tax is."""
        whole, net, tax = (read[ours] for ours in AMOUNTS)
        amount = str(Money(whole, currency))
        if whole <= 0:
            self._tell(Ours.AMOUNT, ABOVE_ZERO)
            return
        for ours, part in ((Ours.NET, net), (Ours.TAX, tax)):
            if part is not None and not 0 <= part <= whole:
                self._tell(ours, WITHIN, amount=amount)
        if net is not None and tax is not None and net + tax != whole:
            self._tell(Ours.NET, ADDS_UP, amount=amount)
        if net is not None:
            read[Ours.TAX] = whole - net

    def _relate_days(
        self, issued_on: date | None, due_on: date | None, paid_on: date | None, delivered_on: date | None
    ) -> None:
        """What must hold between the days of one row, those that could be read."""
        for ours, day in ((Ours.DUE_ON, due_on), (Ours.PAID_ON, paid_on)):
            if day is not None and issued_on is not None and day < issued_on:
                self._tell(ours, NOT_BEFORE, issued_on=issued_on.isoformat())
        for ours, day in ((Ours.PAID_ON, paid_on), (Ours.DELIVERED_ON, delivered_on)):
            if day is not None and day > self.reader.today:
                self._tell(ours, NOT_LATER)

    def _waiting(self, read: dict[Ours, Any], currency: str) -> WaitingRow:
        values: WaitingRow = {ours.value: read[ours] for ours in (*TEXTS, *DAYS)}
        return values | {
            "row": self.row,
            "currency": currency,
            "amount_minor": read[Ours.AMOUNT],
            "tax_minor": read[Ours.TAX],
            "payment_public_id": new_public_id(self.reader.at) if read[Ours.PAID_ON] else None,
        }

    def _cell(self, ours: Ours) -> Cell:
        place = self.reader.places[ours]
        return self.cells[place] if place < len(self.cells) else ""

    def _told(self, ours: Ours) -> bool:
        return any(problem.column == self.reader.mapping.columns.get(ours) for problem in self.problems)

    def _tell(self, ours: Ours, expected: str, **params: Param) -> None:
        column = self.reader.mapping.columns.get(ours)
        found = visible(str(self._cell(ours))) if ours in self.reader.places else ""
        self.problems.append(Problem(self.row, column, found, expected, params))
