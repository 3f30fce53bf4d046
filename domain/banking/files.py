"""Bank files: what a statement file of a bank says, whatever its format, and the port that reads one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO, Protocol, runtime_checkable

from domain.banking.columns import BankColumns, Column
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.shared.words import Words


class FileFormat(StrEnum):
    """How a bank file is written; a table is CSV or a workbook."""

    CAMT053 = "camt053"
    MT940 = "mt940"
    OFX = "ofx"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class FileLine:
    """One movement on the bank account: credits are positive, debits negative; texts are empty where not told.

    `references` are the payer's and the network's (end-to-end id, creditor reference, mandate…), `bank_ref` is the
    account-servicing bank's own, `code` the ISO 20022 domain code or the bank's type. `returned` is a payment of ours
    or theirs that came back, with the `reason` that the bank gives.
    """

    booked_on: date
    value_on: date
    amount: Money
    references: tuple[str, ...] = ()
    text: str = ""
    counterparty_name: str = ""
    counterparty_account: str = ""
    bank_ref: str = ""
    code: str = ""
    returned: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BankStatementPage:
    """One statement of one bank account; `account` is an IBAN or a number as written, without spaces.

    Where the file tells both balances, opening plus the lines is the closing one: the reader has checked it.
    """

    account: str
    currency: str
    opening: Money | None
    closing: Money | None
    from_on: date | None
    to_on: date | None
    external_id: str
    lines: tuple[FileLine, ...]

    @property
    def total(self) -> Money:
        """The sum of all lines."""
        return Money.sum((line.amount for line in self.lines), self.currency)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A whole file: its format and every statement in it, in the file's order."""

    format: FileFormat
    statements: tuple[BankStatementPage, ...]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong with a file: where, what was found there, and what was expected instead."""

    place: Words
    found: str
    expected: Words

    def __str__(self) -> str:
        return f"{self.place}: found “{self.found}”, expected {self.expected}"


class BadBankFile(Refused):
    """The file cannot be used, so nothing of it is; `problems` say where and why, and there is at least one."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__(N_("Nothing was taken from this bank file, because of what is wrong with it."), field="file")
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join((self.text, *map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class TableLook:
    """A first look at a table: its columns, a few rows as text, and a guess at what is what, for a person to confirm.

    `date` and `decimal` are None where the rows leave several possible.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: Mapping[Column, str]
    date: str | None
    decimal: str | None


@runtime_checkable
class BankFileReader(Protocol):
    """Reads bank files, told apart by their content, never by their name."""

    def format_of(self, stream: BinaryIO) -> FileFormat:
        """What kind of file this is; whatever is none of the others is taken for a table."""
        ...

    def read(self, stream: BinaryIO, filename: str, *, columns: BankColumns | None = None) -> BankFile:
        """The whole file (seekable, stays open), or BadBankFile. A table needs its columns told."""
        ...

    def look(self, stream: BinaryIO) -> TableLook:
        """The beginning of a table; BadBankFile where there is none to see."""
        ...
