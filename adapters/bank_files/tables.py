"""Tables: reads what banks let people download as CSV or a workbook, by columns that somebody has confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import BinaryIO

from adapters.bank_files import checking
from adapters.bank_files.checking import Findings, refuse, refuse_too_many
from adapters.bank_files.table_rows import IN_CELL, RowReader
from domain.banking.columns import BankColumns, Column
from domain.banking.files import (
    BadBankFile,
    BankFile,
    BankStatementPage,
    FileFormat,
    FileLine,
    FileProblem,
    TableLook,
)
from domain.importing import reading
from domain.importing.dates import is_format
from domain.importing.guessing import (
    SAMPLE_ROWS,
    SHOWN_ROWS,
    date_format,
    decimal_sign,
    guess_columns,
    texts_in,
)
from domain.importing.problems import Unreadable
from domain.importing.tables import Cell, Table
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.shared.words import Words

NAMES: dict[Column, tuple[str, ...]] = {
    Column.BOOKED_ON: (
        "booking date, booked on, date, transaction date, posting date, posted, completed date",
        "buchungstag, buchungsdatum, fecha, fecha operacion, fecha contable, date de comptabilisation, date operation",
    ),
    Column.VALUE_ON: ("value date, valuta, valutadatum, wertstellung, fecha valor, date de valeur",),
    Column.AMOUNT: ("amount, value, betrag, umsatz, importe, monto, montant",),
    Column.DEBIT: ("debit, debit amount, paid out, money out, withdrawal, soll, belastung, cargo, debe",),
    Column.CREDIT: ("credit, credit amount, paid in, money in, deposit, haben, gutschrift, abono, haber",),
    Column.BALANCE: ("balance, running balance, saldo, kontostand, saldo nach buchung, solde",),
    Column.CURRENCY: ("currency, ccy, wahrung, moneda, divisa, devise",),
    Column.TEXT: (
        "description, details, transaction description, remittance information, memo, narrative, text",
        "verwendungszweck, buchungstext, concepto, descripcion, libelle",
    ),
    Column.NAME: (
        "name, counterparty, counterparty name, payer, payee, beneficiary, merchant",
        "beguenstigter zahlungspflichtiger, auftraggeber beguenstigter, begunstigter zahlungspflichtiger, ordenante",
    ),
    Column.COUNTERPARTY: (
        "counterparty account, counterparty iban, iban, account number, kontonummer iban, gegenkonto",
    ),
    Column.REFERENCE: ("reference, payment reference, end to end reference, kundenreferenz, referencia",),
    Column.BANK_REF: ("transaction id, bank reference, id, transaction number, referenz",),
    Column.CODE: ("type, transaction type, code, umsatzart",),
}
SIDES = (Column.AMOUNT, Column.DEBIT, Column.CREDIT, Column.BALANCE)

IN_ROW = N_("row {row}")
SOME_ROWS = N_("at least one row below the names of the columns")
RUNNING = N_("a balance of {reckoned}: the one before it and this amount")


def look(stream: BinaryIO) -> TableLook:
    """The beginning of a table with a guess at its columns; BadBankFile where there is no table."""
    try:
        with reading.opened(stream) as table:
            rows: list[Sequence[Cell]] = [cells for _, cells in islice(table.records, SAMPLE_ROWS)]
            columns = guess_columns(table.headers, NAMES)
            return TableLook(
                headers=table.headers,
                rows=tuple(tuple(str(cell) for cell in cells) for cells in rows[:SHOWN_ROWS]),
                columns=columns,
                date=date_format(texts_in(rows, table.headers, columns, (Column.BOOKED_ON, Column.VALUE_ON))),
                decimal=decimal_sign(texts_in(rows, table.headers, columns, SIDES)),
            )
    except Unreadable as problem:
        raise _bad(problem) from problem


def read(stream: BinaryIO, columns: BankColumns) -> BankFile:
    """The rows as one statement; BadBankFile for anything wrong, Invalid where the columns cannot be used."""
    _refuse_unusable(columns)
    findings = Findings()
    try:
        with reading.opened(
            stream, wanted=tuple(columns.columns.values()), encoding=columns.encoding, separator=columns.separator
        ) as table:
            page = _Rows(table, columns, findings).page()
    except Unreadable as problem:
        raise _bad(problem) from problem
    findings.finish()
    return BankFile(FileFormat.TABLE, (page,))


def _refuse_unusable(columns: BankColumns) -> None:
    if not is_format(columns.date):
        raise Invalid(
            N_("“{value}” is no format of a date: write iso, or for example %d/%m/%Y."),
            field="date",
            value=columns.date,
        )
    try:
        "1".encode(columns.encoding or "utf-8")
    except (LookupError, ValueError) as problem:
        raise Invalid(
            N_("“{value}” is not an encoding of text that we know."), field="encoding", value=columns.encoding
        ) from problem


def _bad(problem: Unreadable) -> BadBankFile:
    """The same refusal in the words of bank files."""
    told = problem.problem
    if told.row is None:
        place = Words(checking.WHOLE_FILE)
    elif told.column is None:
        place = Words.of(IN_ROW, row=told.row)
    else:
        place = Words.of(IN_CELL, row=told.row, column=told.column)
    return BadBankFile([FileProblem(place, told.found, Words(told.expected, told.params))])


class _Rows:
    """The rows of one table while they are read."""

    def __init__(self, table: Table, columns: BankColumns, findings: Findings) -> None:
        self.table = table
        self.columns = columns
        self.findings = findings
        self.reader = RowReader(table, columns, findings)
        self.rows: list[int] = []
        self.lines: list[FileLine] = []
        self.balances: list[Money] = []

    def page(self) -> BankStatementPage:
        """All rows as one statement; where there is a column of balances, it is checked row by row."""
        for row, cells in self.table.records:
            line, balance = self.reader.read(row, cells)
            if line is not None:
                self.rows.append(row)
                self.lines.append(line)
                self.balances.extend([] if balance is None else [balance])
            refuse_too_many(self.lines)
        self.findings.finish()
        if not self.lines:
            raise refuse("", SOME_ROWS)
        opening, closing = self._ends()
        days = [line.booked_on for line in self.lines]
        return BankStatementPage(
            account=self.columns.account.replace(" ", ""),
            currency=self.columns.currency,
            opening=opening,
            closing=closing,
            from_on=min(days),
            to_on=max(days),
            external_id="",
            lines=tuple(self.lines),
        )

    def _ends(self) -> tuple[Money | None, Money | None]:
        """Opening and closing balance where every row tells its own; the rows may stand newest first."""
        if len(self.balances) < len(self.lines):
            return None, None
        oldest_first = range(len(self.lines))
        newest_first = oldest_first[::-1]
        order = oldest_first
        broken = self._break(oldest_first)
        if broken is not None and self._break(newest_first) is None:
            order = newest_first
        elif broken is not None:
            self._tell_break(broken)
        return self.balances[order[0]] - self.lines[order[0]].amount, self.balances[order[-1]]

    def _break(self, order: Sequence[int]) -> int | None:
        """The first line whose balance does not follow from the one before it, in this order."""
        for before, after in pairwise(order):
            if self.balances[before] + self.lines[after].amount != self.balances[after]:
                return after
        return None

    def _tell_break(self, index: int) -> None:
        reckoned = self.balances[index - 1] + self.lines[index].amount
        place = Words.of(IN_CELL, row=self.rows[index], column=self.columns.columns[Column.BALANCE])
        self.findings.tell(place, self.balances[index], RUNNING, reckoned=reckoned)
