"""Journal: the whole ledger in the words of plain-text accounting, so that other programs can add it up again.

Customers stand there by an opaque id and their account number, never by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.ledger.chart import AccountType, LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.hashing import instant_text
from domain.shared.money import Money

AT_ONCE = 2_000
"""Rows that are held at a time: a journal of any length is written with flat memory."""

HLEDGER_TYPES = {
    AccountType.ASSET: "assets",
    AccountType.LIABILITY: "liabilities",
    AccountType.EQUITY: "equity",
    AccountType.INCOME: "income",
    AccountType.EXPENSE: "expenses",
}
"""How names of accounts begin; beancount writes the same words with a capital letter."""


class JournalFormat(StrEnum):
    """The programs that can read it."""

    HLEDGER = "hledger"
    BEANCOUNT = "beancount"


@dataclass(frozen=True, slots=True)
class _Line:
    account: str
    amount: Money


def journal(
    session: Session, form: JournalFormat, *, first: date | None = None, last: date | None = None
) -> Iterator[str]:
    """The lines of the journal of entries that took effect from `first` to `last`, by day; without either, of all.

    The same books give the same text, byte for byte.
    """
    writer = _Hledger() if form is JournalFormat.HLEDGER else _Beancount()
    within = _within(first, last)
    begins: date | None = session.scalar(select(func.min(ENTRIES.c.effective_on)).where(*within))
    yield from writer.head(business(session).name)
    if begins is None:
        return
    yield from writer.commodities(_currencies(session, within), begins)
    yield from writer.accounts(sorted(_accounts(session, writer, within)), begins)
    for rows in _entries(session, within):
        lines = [_Line(writer.account(LedgerAccount(row.ledger_account), row.owner), _amount(row)) for row in rows]
        yield ""
        yield from writer.entry(rows[0], lines)


class _Hledger:
    """hledger's journal format (hledger.org/hledger.html)."""

    def account(self, ledger_account: LedgerAccount, owner: int | None) -> str:
        name = f"{HLEDGER_TYPES[ledger_account.line.type]}:{ledger_account.value}"
        return name if owner is None else f"{name}:{owner}"

    def head(self, title: str) -> Iterator[str]:
        yield f"; {_one_line(title)}"

    def commodities(self, currencies: Iterable[str], begins: date) -> Iterator[str]:
        for currency in currencies:
            example = str(Money(10**6, currency).decimal)
            yield f"commodity {example if '.' in example else example + '.'} {currency}"

    def accounts(self, names: Iterable[str], begins: date) -> Iterator[str]:
        for name in names:
            yield f"account {name}"

    def entry(self, row: AnyRow, lines: Iterable[_Line]) -> Iterator[str]:
        payee = f"{_one_line(row.number)} | " if row.number else ""
        recorded = instant_text(row.recorded_at)
        yield f"{row.effective_on} ({row.id}) {payee}{row.kind}  ; source: {row.source}, recorded: {recorded}"
        for line in lines:
            yield f"    {line.account}  {line.amount.decimal} {line.amount.currency}"


class _Beancount:
    """Beancount's language (beancount.github.io/docs/beancount_language_syntax.html)."""

    def account(self, ledger_account: LedgerAccount, owner: int | None) -> str:
        words = "-".join(word.capitalize() for word in ledger_account.value.split("_"))
        name = f"{HLEDGER_TYPES[ledger_account.line.type].capitalize()}:{words}"
        return name if owner is None else f"{name}:{owner}"

    def head(self, title: str) -> Iterator[str]:
        yield f'option "title" "{_quoted(title)}"'

    def commodities(self, currencies: Iterable[str], begins: date) -> Iterator[str]:
        for currency in currencies:
            yield f"{begins} commodity {currency}"

    def accounts(self, names: Iterable[str], begins: date) -> Iterator[str]:
        for name in names:
            yield f"{begins} open {name}"

    def entry(self, row: AnyRow, lines: Iterable[_Line]) -> Iterator[str]:
        payee = f'"{_quoted(row.number)}" ' if row.number else ""
        yield f'{row.effective_on} * {payee}"{row.kind}"'
        yield f"  entry: {row.id}"
        yield f'  source: "{_quoted(row.source)}"'
        yield f'  recorded: "{instant_text(row.recorded_at)}"'
        for line in lines:
            yield f"  {line.account}  {line.amount.decimal} {line.amount.currency}"


def _within(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = []
    if first is not None:
        bounds.append(ENTRIES.c.effective_on >= first)
    if last is not None:
        bounds.append(ENTRIES.c.effective_on <= last)
    return bounds


def _currencies(session: Session, within: list[ColumnElement[bool]]) -> list[str]:
    used = select(POSTINGS.c.currency).join_from(POSTINGS, ENTRIES).where(*within).distinct()
    return sorted(session.scalars(used))


def _accounts(session: Session, writer: _Hledger | _Beancount, within: list[ColumnElement[bool]]) -> Iterator[str]:
    used = select(POSTINGS.c.ledger_account, POSTINGS.c.account_id).join_from(POSTINGS, ENTRIES).where(*within)
    for row in session.execute(used.distinct()):
        yield writer.account(LedgerAccount(row.ledger_account), row.account_id)


def _entries(session: Session, within: list[ColumnElement[bool]]) -> Iterator[list[AnyRow]]:
    """The rows of one entry after another, in order of day and entry."""
    wanted = (
        select(
            ENTRIES.c.id,
            ENTRIES.c.kind,
            ENTRIES.c.source,
            ENTRIES.c.effective_on,
            ENTRIES.c.recorded_at,
            Account.number,
            POSTINGS.c.ledger_account,
            POSTINGS.c.account_id.label("owner"),
            POSTINGS.c.currency,
            POSTINGS.c.amount,
        )
        .join_from(ENTRIES, POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .outerjoin(Account, Account.id == ENTRIES.c.account_id)
        .where(*within)
        .order_by(ENTRIES.c.effective_on, ENTRIES.c.id, POSTINGS.c.line)
        .execution_options(yield_per=AT_ONCE)
    )
    for _, rows in groupby(session.execute(wanted), key=lambda row: row.id):
        yield list(rows)


def _amount(row: AnyRow) -> Money:
    return Money(row.amount, row.currency)


def _one_line(text: str) -> str:
    """Text that hledger takes for neither a comment, a note nor another line."""
    return " ".join(text.replace(";", ",").replace("|", "/").split())


def _quoted(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
