"""Comparing: the questions about waiting rows that only the database can answer, and how their answers are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from domain.accounts.model import ACCOUNTS
from domain.importing.mapping import FileMapping, Ours
from domain.importing.model import ALLOCATIONS, CLAIMS, INVOICES, ROWS, RemarkKind, RowAct
from domain.importing.problems import Problem, visible
from domain.ledger.model import CLOSES
from domain.receivables.due_days import EXTENSIONS
from domain.receivables.model import Extension
from domain.shared.errors import N_
from domain.shared.money import Money

AS_IN_ROW = N_("{value}, as in row {row}")
AS_STORED = N_("{value}, as is stored")
ACCOUNT_CURRENCY = N_("{value}, the currency of account {account}")
WHEN_SETTLED = N_("{value}, when it was settled here")
NOBODY_PAYING = N_("an invoice that nobody is paying at this moment")
AFTER_CLOSED = N_("a day after {closed}, through which the books are closed")
KEPT = N_("{value}: this is kept for account {account}")
NOTHING = N_("nothing: this is kept for account {account}, which exists already")

STORED = ("issued_on", "due_on", "amount_minor", "tax_minor", "description", "purchase_order", "delivered_on")
REPEATED = (*STORED, "currency", "paid_on")
OPTIONAL = frozenset({"tax_minor", "description", "purchase_order", "delivered_on"})
"""Where the file says nothing about these, it does not contradict what is stored."""
OF_ACCOUNT = (Ours.ACCOUNT_NAME, Ours.EMAIL, Ours.PHONE, Ours.COUNTRY, Ours.LANGUAGE, Ours.TIME_ZONE)
OTHER = "other_"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A query for the rows that are to be told about, and what to tell of one such row."""

    kind: RemarkKind
    query: Select[Any]
    tell: Callable[[Any], Iterator[Problem]]


def all_comparisons(batch_id: int, mapping: FileMapping) -> list[Comparison]:
    """Every comparison that this mapping makes sense of."""
    words = _Words(mapping)
    notes = [ours for ours in OF_ACCOUNT if ours in mapping.columns]
    return [
        Comparison(RemarkKind.ERROR, _repeats(batch_id), words.of_repeat),
        Comparison(RemarkKind.ERROR, _currencies_of_known_accounts(batch_id), words.of_currency),
        Comparison(RemarkKind.ERROR, _currencies_of_new_accounts(batch_id), words.of_currency),
        Comparison(RemarkKind.ERROR, _stored_differently(batch_id), words.of_stored),
        Comparison(RemarkKind.ERROR, _settled_otherwise(batch_id), words.of_settled),
        Comparison(RemarkKind.ERROR, _being_paid(batch_id), words.of_claimed),
        Comparison(RemarkKind.ERROR, _in_closed_books(batch_id), words.of_closed),
        *(Comparison(RemarkKind.NOTE, _known_otherwise(batch_id, ours), words.of_account(ours)) for ours in notes),
        *(Comparison(RemarkKind.NOTE, _several(batch_id, ours), words.of_account(ours)) for ours in notes),
    ]


def _repeats(batch_id: int) -> Select[Any]:
    """Rows with the account and invoice number of an earlier row, and something else that differs."""
    first = (
        select(ROWS.c.account_number, ROWS.c.invoice_number, func.min(ROWS.c.row).label("row"))
        .where(ROWS.c.batch_id == batch_id)
        .group_by(ROWS.c.account_number, ROWS.c.invoice_number)
        .having(func.count() > 1)
        .subquery()
    )
    earlier = ROWS.alias("earlier")
    same = (first.c.account_number == ROWS.c.account_number) & (first.c.invoice_number == ROWS.c.invoice_number)
    return (
        select(ROWS.c.row, earlier.c.row.label("first"), *_both(ROWS, earlier, REPEATED))
        .join(first, same)
        .join(earlier, (earlier.c.batch_id == batch_id) & (earlier.c.row == first.c.row))
        .where(ROWS.c.batch_id == batch_id, ROWS.c.row > first.c.row)
        .where(or_(*(ROWS.c[name].is_distinct_from(earlier.c[name]) for name in REPEATED)))
        .order_by(ROWS.c.row)
    )


def _currencies_of_known_accounts(batch_id: int) -> Select[Any]:
    return (
        select(ROWS.c.row, ROWS.c.account_number, ROWS.c.currency, ACCOUNTS.c.currency.label("kept"))
        .join(ACCOUNTS, ACCOUNTS.c.id == ROWS.c.account_id)
        .where(ROWS.c.batch_id == batch_id, ROWS.c.currency != ACCOUNTS.c.currency)
        .order_by(ROWS.c.row)
    )


def _currencies_of_new_accounts(batch_id: int) -> Select[Any]:
    """A new account has the currency of its first row."""
    kept = func.first_value(ROWS.c.currency).over(partition_by=ROWS.c.account_number, order_by=ROWS.c.row)
    rows = (
        select(ROWS.c.row, ROWS.c.account_number, ROWS.c.currency, kept.label("kept"))
        .where(ROWS.c.batch_id == batch_id, ROWS.c.account_id.is_(None))
        .subquery()
    )
    return select(*rows.c).where(rows.c.currency != rows.c.kept).order_by(rows.c.row)


def _stored_differently(batch_id: int) -> Select[Any]:
    """The file knows an invoice by the due day that it was issued with, whatever was granted since."""
    stored: dict[str, ColumnElement[Any]] = {name: INVOICES.c[name] for name in STORED}
    stored["due_on"] = func.coalesce(EXTENSIONS.was_due_on, INVOICES.c.due_on)
    differs = [
        (ROWS.c[name].is_not(None) if name in OPTIONAL else true()) & ROWS.c[name].is_distinct_from(stored[name])
        for name in STORED
    ]
    return (
        select(
            ROWS.c.row,
            ROWS.c.currency,
            INVOICES.c.currency.label(OTHER + "currency"),
            *(ROWS.c[name] for name in STORED),
            *(column.label(OTHER + name) for name, column in stored.items()),
        )
        .join(INVOICES, INVOICES.c.id == ROWS.c.invoice_id)
        .outerjoin(Extension, EXTENSIONS.invoice_id == INVOICES.c.id)
        .where(ROWS.c.batch_id == batch_id, or_(*differs))
        .order_by(ROWS.c.row)
    )


def _settled_otherwise(batch_id: int) -> Select[Any]:
    """Settled invoices of which the file names another day than that of the last allocation in force."""
    undoing = ALLOCATIONS.alias("undoing")
    undone = select(undoing.c.id).where(undoing.c.reverses_id == ALLOCATIONS.c.id).exists()
    settled_on = (
        select(func.max(ALLOCATIONS.c.effective_on))
        .where(ALLOCATIONS.c.invoice_id == ROWS.c.invoice_id, ALLOCATIONS.c.amount_minor > 0, ~undone)
        .scalar_subquery()
    )
    return (
        select(ROWS.c.row, ROWS.c.paid_on, settled_on.label("kept"))
        .join(INVOICES, INVOICES.c.id == ROWS.c.invoice_id)
        .where(ROWS.c.batch_id == batch_id, ROWS.c.paid_on.is_not(None), INVOICES.c.open_minor == 0)
        .where(settled_on != ROWS.c.paid_on)
        .order_by(ROWS.c.row)
    )


def _being_paid(batch_id: int) -> Select[Any]:
    return (
        select(ROWS.c.row, ROWS.c.invoice_number)
        .join(CLAIMS, CLAIMS.c.invoice_id == ROWS.c.invoice_id)
        .where(ROWS.c.batch_id == batch_id, ROWS.c.act == RowAct.PAYMENT, CLAIMS.c.released_at.is_(None))
        .order_by(ROWS.c.row)
    )


def _in_closed_books(batch_id: int) -> Select[Any]:
    """Rows that would be booked on a day through which the books are closed."""
    closed = select(func.max(CLOSES.c.closed_through)).scalar_subquery()
    issued = (ROWS.c.act == RowAct.INVOICE) & (ROWS.c.issued_on <= closed)
    paid = ROWS.c.pay_minor.is_not(None) & (ROWS.c.paid_on <= closed)
    return (
        select(ROWS.c.row, ROWS.c.act, ROWS.c.issued_on, ROWS.c.paid_on, closed.label("closed"))
        .where(ROWS.c.batch_id == batch_id, issued | paid)
        .order_by(ROWS.c.row)
    )


def _known_otherwise(batch_id: int, ours: Ours) -> Select[Any]:
    """Known accounts of which the file says something else: each new value once, at its first row."""
    given, kept = ROWS.c[ours.value], ACCOUNTS.c["name" if ours is Ours.ACCOUNT_NAME else ours.value]
    return (
        select(func.min(ROWS.c.row).label("row"), ROWS.c.account_number, given.label("given"), kept.label("kept"))
        .join(ACCOUNTS, ACCOUNTS.c.id == ROWS.c.account_id)
        .where(ROWS.c.batch_id == batch_id, given.is_not(None), given.is_distinct_from(kept))
        .group_by(ROWS.c.account_number, given, kept)
        .order_by(func.min(ROWS.c.row))
    )


def _several(batch_id: int, ours: Ours) -> Select[Any]:
    """New accounts for which the file says several things: the first stays, each other value is told once."""
    values = (
        select(ROWS.c.account_number, ROWS.c[ours.value].label("given"), func.min(ROWS.c.row).label("row"))
        .where(ROWS.c.batch_id == batch_id, ROWS.c.account_id.is_(None), ROWS.c[ours.value].is_not(None))
        .group_by(ROWS.c.account_number, ROWS.c[ours.value])
        .subquery()
    )
    kept = func.first_value(values.c.given).over(partition_by=values.c.account_number, order_by=values.c.row)
    ranked = select(*values.c, kept.label("kept")).subquery()
    return select(*ranked.c).where(ranked.c.given != ranked.c.kept).order_by(ranked.c.row)


def _both(one: FromClause, other: FromClause, names: tuple[str, ...]) -> list[Any]:
    return [*(one.c[name] for name in names), *(other.c[name].label(OTHER + name) for name in names)]


class _Words:
    """Tells what a comparison found in terms of the file: its columns, its values."""

    def __init__(self, mapping: FileMapping) -> None:
        self.columns = mapping.columns

    def of_repeat(self, row: Any) -> Iterator[Problem]:
        """One problem for each value that differs from the first row of this invoice."""
        for name, found, other in self._differences(row, REPEATED):
            yield Problem(row.row, self._column(name), found, AS_IN_ROW, {"value": other, "row": row.first})

    def of_stored(self, row: Any) -> Iterator[Problem]:
        """One problem for each value that differs from the stored invoice."""
        for name, found, other in self._differences(row, STORED):
            if name not in OPTIONAL or getattr(row, name) is not None:
                yield Problem(row.row, self._column(name), found, AS_STORED, {"value": other})

    def of_currency(self, row: Any) -> Iterator[Problem]:
        """The row is in another currency than its account."""
        params = {"value": row.kept, "account": visible(row.account_number)}
        yield Problem(row.row, self._column("currency"), row.currency, ACCOUNT_CURRENCY, params)

    def of_settled(self, row: Any) -> Iterator[Problem]:
        """The row names another day of payment."""
        params = {"value": row.kept.isoformat()}
        yield Problem(row.row, self._column("paid_on"), row.paid_on.isoformat(), WHEN_SETTLED, params)

    def of_claimed(self, row: Any) -> Iterator[Problem]:
        """Somebody is just paying the invoice."""
        yield Problem(row.row, self._column("invoice_number"), visible(row.invoice_number), NOBODY_PAYING)

    def of_closed(self, row: Any) -> Iterator[Problem]:
        """The row belongs to a period that is closed."""
        days = {"issued_on": row.issued_on if row.act is RowAct.INVOICE else None, "paid_on": row.paid_on}
        for name, day in days.items():
            if day is not None and day <= row.closed:
                params = {"closed": row.closed.isoformat()}
                yield Problem(row.row, self._column(name), day.isoformat(), AFTER_CLOSED, params)

    def of_account(self, ours: Ours) -> Callable[[Any], Iterator[Problem]]:
        """The file says another thing about an account than what is kept."""

        def tell(row: Any) -> Iterator[Problem]:
            params = {"account": visible(row.account_number)}
            if row.kept is not None:
                params["value"] = visible(row.kept)
            expected = NOTHING if row.kept is None else KEPT
            yield Problem(row.row, self.columns[ours], visible(row.given), expected, params)

        return tell

    def _differences(self, row: Any, names: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
        for name in names:
            given, other = getattr(row, name), getattr(row, OTHER + name)
            if given != other:
                yield name, _text(name, given, row.currency), _text(name, other, getattr(row, OTHER + "currency"))

    def _column(self, name: str) -> str | None:
        ours = Ours(name.removesuffix("_minor"))
        return self.columns.get(ours) or (self.columns.get(Ours.NET) if ours is Ours.TAX else None)


def _text(name: str, value: Any, currency: str) -> str:
    """A value as a file would have it, in one notation."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(Money(value, currency)) if name.endswith("_minor") else visible(value)
