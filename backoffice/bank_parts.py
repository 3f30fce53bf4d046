"""Bank parts: the accounts that a line is split over, with their open invoices, as the form says and shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.processing.bank.booking import Part
from domain.receivables import queries as receivables
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from web.amounts import typed_amount
from web.forms import Form

MOST_ACCOUNTS = 10
"""Accounts over which one line is split."""
MOST_ID = 2**62


@dataclass(frozen=True, slots=True)
class InvoiceToPay:
    """An open invoice to tick, with the amount that its field starts with."""

    id: int
    number: str
    due_on: date
    open: Money
    typed: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """An account that a line may be (partly) of, with its open invoices."""

    id: int
    number: str
    name: str
    invoices: tuple[InvoiceToPay, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """How much of a line has its place by what is typed, and how much has none yet; below zero where it is too much."""

    amount: Money
    left: Money


def parts_of(form: Form, amount: Money) -> list[Part]:
    """What the form says of each chosen account; one account alone takes all of the line.

    Of several, an empty part is what the invoices ticked of the account come to. Read it inside `form.reading()`.
    """
    wanted = _wanted(form, amount.currency)
    if len(wanted) == 1:
        return [Part(account_id, amount, of or None) for account_id, of in wanted.items()]
    return [
        Part(account_id, form.amount(_part(account_id), amount.currency), of or None)
        for account_id, of in wanted.items()
    ]


def placed_of(form: Form, amount: Money) -> Placed:
    """What is typed comes to so far; an account of which nothing is typed or ticked counts nothing."""
    wanted, nothing = _wanted(form, amount.currency), Money.zero(amount.currency)
    if len(wanted) == 1:
        parts = [Money.sum(of.values(), amount.currency) for of in wanted.values()]
    else:
        fields = [_part(account_id) for account_id in wanted]
        parts = [form.amount(name, amount.currency) if form.value(name).strip() else nothing for name in fields]
    total = Money.sum(parts, amount.currency)
    return Placed(total, amount - total)


def part_views(session: Session, form: Form, currency: str) -> list[PartView]:
    """The chosen accounts, in the order in which they were chosen."""
    chosen = [int(each) for each in dict.fromkeys(form.values("account")) if each.isascii() and each.isdigit()]
    possible = [each for each in chosen if each < MOST_ID][:MOST_ACCOUNTS]
    labels = accounts.labels(session, possible)
    return [_view(session, form, labels[each], currency) for each in possible if each in labels]


def part_fields(parts: Sequence[PartView]) -> set[str]:
    """The fields of the parts that stand on the page."""
    fields = {f"amount-{invoice.id}" for part in parts for invoice in part.invoices}
    return fields | ({_part(part.id) for part in parts} | {"amount"} if len(parts) > 1 else set())


def _wanted(form: Form, currency: str) -> Mapping[int, Mapping[int, Money]]:
    """Of which invoices how much is ticked, by account; where there are several, their parts are filled in by it."""
    chosen = form.ids("account", missing=N_("Choose an account."))[:MOST_ACCOUNTS]
    wanted = {account_id: _ticked(form, account_id, currency) for account_id in dict.fromkeys(chosen)}
    if len(wanted) > 1:
        locale = form.speaking.formats.locale
        sums = {account_id: Money.sum(of.values(), currency) for account_id, of in wanted.items() if of}
        form.fill({_part(account_id): typed_amount(total, locale) for account_id, total in sums.items() if total})
    return wanted


def _ticked(form: Form, account_id: int, currency: str) -> dict[int, Money]:
    ticked = form.ids(f"invoice-{account_id}") if form.values(f"invoice-{account_id}") else ()
    return {each: form.amount(f"amount-{each}", currency) for each in ticked}


def _part(account_id: int) -> str:
    return f"part-{account_id}"


def _view(session: Session, form: Form, label: AnyRow, currency: str) -> PartView:
    ticked = form.values(f"invoice-{label.id}")
    invoices = []
    for row in receivables.open_invoices(session, label.id):
        still_open = Money(row.open_minor, row.currency)
        if row.currency == currency:
            typed = form.value(f"amount-{row.id}") or typed_amount(still_open, form.speaking.formats.locale)
            invoices.append(InvoiceToPay(row.id, row.number, row.due_on, still_open, typed, str(row.id) in ticked))
    return PartView(label.id, label.number, label.name, tuple(invoices))
