"""Table rows: turns one row of a bank's table into a line, or into all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from adapters.bank_files import checking
from adapters.bank_files.checking import Findings
from domain.banking.columns import BankColumns, Column
from domain.banking.files import FileLine
from domain.importing.amounts import AmountReader
from domain.importing.cells import AN_AMOUNT, AS_TEXT, DATE
from domain.importing.dates import date_reader, plausible
from domain.importing.problems import Unfit
from domain.importing.tables import Cell, Table, position
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

IN_CELL = N_("row {row}, column “{column}”")
ONE_SIDE = N_("an amount in one of the two columns for debits and credits")
UNSIGNED = N_("an amount without a minus, since the column says the side")
OWN_CURRENCY = N_("an amount in {currency}, the currency of the bank account")


class RowReader:
    """Reads the rows of one table by the columns of its bank account; raises Unreadable where one is missing."""

    def __init__(self, table: Table, columns: BankColumns, findings: Findings) -> None:
        self.columns = columns
        self.findings = findings
        self.places = {
            ours: position(table.headers, theirs, table.header_row) for ours, theirs in columns.columns.items()
        }
        self.days = date_reader(columns.date)
        self.amounts = AmountReader(columns.decimal)

    def read(self, row: int, cells: Sequence[Cell]) -> tuple[FileLine | None, Money | None]:
        """The line and the balance behind it; None, and notes, where something does not fit."""
        return _Row(self, row, cells).read()


class _Row:
    """One row while it is read."""

    def __init__(self, rows: RowReader, row: int, cells: Sequence[Cell]) -> None:
        self.rows = rows
        self.row = row
        self.cells = cells
        self.currency = rows.columns.currency

    def read(self) -> tuple[FileLine | None, Money | None]:
        """The line and the balance behind it; None, and notes, where something does not fit."""
        before = len(self.rows.findings.problems)
        booked_on = self._day(Column.BOOKED_ON)
        value_on = self._day(Column.VALUE_ON) or booked_on
        amount = self._signed()
        balance = self._amount(Column.BALANCE)
        if booked_on is None and len(self.rows.findings.problems) == before:
            self._tell(Column.BOOKED_ON, DATE)
        if self._text(Column.CURRENCY, checking.words) not in ("", self.currency):
            self._tell(Column.CURRENCY, OWN_CURRENCY, currency=self.currency)
        references = checking.distinct([self._text(Column.REFERENCE, checking.reference)])
        text, code = self._text(Column.TEXT, checking.words), self._text(Column.CODE, checking.code)
        name = self._text(Column.NAME, checking.name)
        counterparty = self._text(Column.COUNTERPARTY, checking.account)
        bank_ref = self._text(Column.BANK_REF, checking.reference)
        if len(self.rows.findings.problems) > before or booked_on is None or value_on is None or amount is None:
            return None, None
        return FileLine(
            booked_on=booked_on,
            value_on=value_on,
            amount=amount,
            references=references,
            text=text,
            counterparty_name=name,
            counterparty_account=counterparty,
            bank_ref=bank_ref,
            code=code,
        ), balance

    def _signed(self) -> Money | None:
        if Column.AMOUNT in self.rows.places:
            amount = self._amount(Column.AMOUNT)
            if amount is None and not self._cell(Column.AMOUNT):
                self._tell(Column.AMOUNT, AN_AMOUNT)
            return amount
        debit, credit = self._amount(Column.DEBIT), self._amount(Column.CREDIT)
        for column, side in ((Column.DEBIT, debit), (Column.CREDIT, credit)):
            if side is not None and side.minor < 0:
                self._tell(column, UNSIGNED)
        if bool(debit) and bool(credit):
            self._tell(Column.CREDIT, ONE_SIDE)
        if debit is None and credit is None and not self._cell(Column.DEBIT) and not self._cell(Column.CREDIT):
            self._tell(Column.CREDIT, ONE_SIDE)
        return -debit if debit else credit or debit

    def _amount(self, column: Column) -> Money | None:
        cell = self._cell(column)
        if cell == "":
            return None
        try:
            if isinstance(cell, date):
                raise Unfit(AN_AMOUNT)
            number = self.rows.amounts.read(cell, self.row) if isinstance(cell, str) else cell
            return checking.money(number, self.currency)
        except Unfit as problem:
            self._tell(column, problem.expected, **problem.params)
            return None

    def _day(self, column: Column) -> date | None:
        cell = self._cell(column)
        if cell == "":
            return None
        try:
            if isinstance(cell, str):
                return self.rows.days(cell)
            if isinstance(cell, date):
                return plausible(cell)
            raise Unfit(DATE)
        except Unfit as problem:
            self._tell(column, problem.expected, **problem.params)
            return None

    def _text(self, column: Column, read: Callable[[str], str]) -> str:
        """The words in a cell, taken as they are: a payer may write what looks like a formula."""
        cell = self._cell(column)
        found = cell if isinstance(cell, str) else format(cell, "f") if not isinstance(cell, date) else cell.isoformat()
        if quoted := AS_TEXT.fullmatch(found):
            found = quoted[1]
        try:
            return read(found)
        except Unfit as problem:
            self._tell(column, problem.expected, **problem.params)
            return ""

    def _cell(self, column: Column) -> Cell:
        place = self.rows.places.get(column)
        cell: Cell = "" if place is None or place >= len(self.cells) else self.cells[place]
        return cell.strip() if isinstance(cell, str) else cell

    def _tell(self, column: Column, expected: str, **params: object) -> None:
        theirs = self.rows.columns.columns.get(column, column.value)
        place = Words.of(IN_CELL, row=self.row, column=theirs)
        self.rows.findings.tell(place, self._cell(column), expected, **params)
