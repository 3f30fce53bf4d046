"""Validating: rows against each other, and against what is stored."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.importing.mapping import FileMapping, Ours
from domain.invoicing.issuing import void
from domain.ledger.closing import close_books
from domain.processing.extending import extend
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.staff.model import Role
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.fakes import FakeProcessor
from tests.support.importing import COLUMNS, a_csv, a_row, booked, places, prepared
from tests.support.paying import a_debt, start

FIVE = FileMapping(dict(list(COLUMNS.items())[:5]), currency="GBP")


def test_the_same_row_twice_counts_once(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(paid="2026-02-01"), a_row(paid="2026-02-01")))

    assert (seen.counts.invoices, seen.counts.payments, seen.counts.skipped, seen.counts.errors) == (1, 1, 1, 0)


def test_the_same_invoice_twice_with_a_difference_names_both_values_and_the_row(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(), a_row("C-2"), a_row(amount="130.00", paid="2026-02-01")))

    assert list(places(seen)) == [(4, "amount", "130.00 GBP"), (4, "paid", "2026-02-01")]
    assert seen.errors[0].params == {"value": "120.00 GBP", "row": 2}


def test_the_same_invoice_number_of_two_accounts_is_two_invoices(db: Database) -> None:
    assert prepared(db, a_csv(a_row("C-1"), a_row("C-2"))).counts.invoices == 2


def test_a_second_import_adds_nothing_and_says_so(db: Database) -> None:
    content = a_csv(a_row(paid="2026-02-01", tax="20.00"), a_row("C-2"))
    booked(db, content)

    again = prepared(db, content)

    assert (again.counts.accounts, again.counts.invoices, again.counts.payments, again.counts.skipped) == (0, 0, 0, 2)
    assert again.adds_nothing
    assert again.totals == {}


def test_a_file_that_says_less_contradicts_nothing(db: Database) -> None:
    booked(db, a_csv(a_row(paid="2026-02-01", tax="20.00", text="Goods")))

    again = prepared(db, a_csv(a_row()), FIVE)

    assert (again.counts.skipped, again.counts.errors) == (1, 0)


def test_a_later_due_day_that_was_granted_since_contradicts_nothing(db: Database) -> None:
    content = a_csv(a_row())
    booked(db, content)
    with db.transaction() as session:
        invoice = session.scalars(select(Invoice)).one()
        later = today(session) + timedelta(days=10)
        extend(session, invoice.account_id, invoice.id, later, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)

    again = prepared(db, content)
    otherwise = prepared(db, a_csv(a_row(due=later.isoformat())))

    assert (again.counts.skipped, again.counts.errors) == (1, 0)
    assert [error.params for error in otherwise.errors] == [{"value": "2026-02-04"}]


@pytest.mark.parametrize(
    ("changes", "column", "found", "stored"),
    [
        ({"issued": "2026-01-06"}, "issued", "2026-01-06", "2026-01-05"),
        ({"due": "2026-02-05"}, "due", "2026-02-05", "2026-02-04"),
        ({"amount": "120.01"}, "amount", "120.01 GBP", "120.00 GBP"),
        ({"tax": "0"}, "tax", "0.00 GBP", "20.00 GBP"),
        ({"text": "Services"}, "text", "Services", "Goods"),
    ],
)
def test_any_difference_from_what_is_stored_names_both_values(
    db: Database, changes: dict[str, str], column: str, found: str, stored: str
) -> None:
    row = {"tax": "20.00", "text": "Goods"}
    booked(db, a_csv(a_row(**row)))

    again = prepared(db, a_csv(a_row(**{**row, **changes})))

    assert list(places(again)) == [(2, column, found)]
    assert again.errors[0].params == {"value": stored}


def test_a_row_that_only_adds_the_day_of_payment_is_a_payment(db: Database) -> None:
    booked(db, a_csv(a_row()))

    again = prepared(db, a_csv(a_row(paid="2026-02-01")))

    assert (again.counts.invoices, again.counts.payments, again.counts.skipped) == (0, 1, 0)
    assert str(again.totals["GBP"].paid) == "120.00 GBP"


def test_what_was_paid_in_part_here_is_paid_for_the_rest(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, number="C-1")
        invoice = an_invoice(
            session, account, "120.00", issued_on=date(2026, 1, 5), due_on=date(2026, 2, 4), number="1001"
        )
        a_receipt(session, account, "50.00", date(2026, 1, 20), invoice)

    seen = booked(db, a_csv(a_row(paid="2026-02-01")))

    assert seen.totals["GBP"].paid == money("70.00")


def test_another_day_of_payment_than_the_stored_one_is_a_difference(db: Database) -> None:
    booked(db, a_csv(a_row(paid="2026-02-01")))

    again = prepared(db, a_csv(a_row(paid="2026-02-02")))

    assert list(places(again)) == [(2, "paid", "2026-02-02")]
    assert again.errors[0].params == {"value": "2026-02-01"}


def test_an_invoice_that_somebody_is_paying_now_is_not_paid_by_a_file(db: Database) -> None:
    debt = a_debt(db, "120.00")
    with db.reading() as session:
        account = session.get_one(Account, debt.account_id)
        invoice = session.get_one(Invoice, debt.invoices[0])
    start(db, FakeProcessor(), debt, {invoice.id: money("120.00")})
    row = a_row(account.number, invoice.number, issued=invoice.issued_on, due=invoice.due_on, paid=invoice.issued_on)

    seen = prepared(db, a_csv(row))

    assert list(places(seen)) == [(2, "invoice", invoice.number)]


def test_another_currency_than_the_accounts_is_an_error(db: Database) -> None:
    booked(db, a_csv(a_row()))

    again = prepared(db, a_csv(a_row(invoice="1002")), currency="EUR")

    assert list(places(again)) == [(2, None, "EUR")]
    assert again.errors[0].params == {"value": "GBP", "account": "C-1"}


def test_a_new_account_has_the_currency_of_its_first_row(db: Database) -> None:
    mapping = FileMapping({**COLUMNS, Ours.CURRENCY: "code"})
    content = a_csv([*a_row(), "EUR"], [*a_row(invoice="1002"), "USD"]).replace(b",text\r\n", b",text,code\r\n")

    assert list(places(prepared(db, content, mapping))) == [(3, "code", "USD")]


def test_of_several_names_the_first_stays_and_the_others_are_told(db: Database) -> None:
    rows = [
        a_row(invoice=number, name=name) for number, name in enumerate(["", "Acme", "ACME Ltd", "Acme", "ACME Ltd"])
    ]

    seen = prepared(db, a_csv(*rows))

    assert [(note.row, note.column, note.found, note.params["value"]) for note in seen.notes] == [
        (4, "name", "ACME Ltd", "Acme")
    ]
    assert seen.can_be_booked


def test_an_account_that_exists_keeps_what_it_has_and_the_difference_is_told(db: Database) -> None:
    booked(db, a_csv(a_row(name="Acme")))

    seen = prepared(db, a_csv(a_row(invoice="1002", name="Other", email="a@example.com")))

    assert [(note.column, note.found, note.params.get("value")) for note in seen.notes] == [
        ("name", "Other", "Acme"),
        ("email", "a@example.com", None),
    ]


def test_a_void_invoice_is_not_known(db: Database) -> None:
    with db.transaction() as session:
        invoice = an_invoice(session, an_account(session, number="C-1"), "10.00", number="1001")
        void(session, invoice, why="Mistyped", actor=OPERATOR)

    assert prepared(db, a_csv(a_row())).counts.invoices == 1


def test_rows_in_closed_books_are_told_by_row_and_column(db: Database) -> None:
    with db.transaction() as session:
        close_books(session, date(2026, 1, 31))

    seen = prepared(db, a_csv(a_row(), a_row(invoice="1002", issued="2026-02-01", due="2026-03-01", paid="2026-01-31")))

    assert [(problem.row, problem.column, problem.found) for problem in seen.errors] == [
        (2, "issued", "2026-01-05"),
        (3, "paid", "2026-01-31"),
    ]
