"""Figures of a real receivables ledger against the ones worked by hand, and of small ones against their meaning."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.invoicing.credit_notes import issue_credit_note
from domain.receivables.allocating import live_allocations, take_back
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceKind, InvoiceStatus
from domain.reporting.figures import figures
from domain.reporting.formulas import Grade
from domain.reporting.reports import ageing_report, figures_report
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Invalid
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice, money

IBM = Path(__file__).parents[3] / "../shared/data/ibm-late-payment-histories.csv"
QUARTER = (date(2013, 4, 1), date(2013, 6, 30))


def test_the_real_ledger_comes_out_as_worked_by_hand(db: Database) -> None:
    with db.transaction() as session:
        load_ibm(session)

        aged = ageing_report(session, date(2013, 6, 30))["currencies"]["USD"]
        quarter = figures_report(session, *QUARTER)["currencies"]["USD"]
        whole = figures_report(session, date(2012, 1, 1), date(2014, 12, 31))["currencies"]["USD"]

    assert aged["buckets"]["current"] == {"amount": "4284.29", "count": 72}
    assert aged["buckets"]["1-30"] == {"amount": "835.56", "count": 12}
    assert [aged["buckets"][name]["count"] for name in ("31-60", "61-90", "91-120", "over-120")] == [0, 0, 0, 0]
    assert aged["total"] == "5119.85"
    assert quarter["credit_sales"] == "20098.87"
    assert (quarter["dso"], quarter["best_possible_dso"]) == ("23.18", "19.40")
    assert (quarter["count_back_dso"], quarter["cei"]) == ("26.26", "96.15")
    assert (whole["credit_sales"], whole["closing_receivable"]) == ("147703.18", "0.00")
    assert (whole["weighted_average_delay"], whole["grade"]) == ("3.57", Grade.A)


def test_credit_notes_reduce_credit_sales_on_their_own_day(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120.00", tax="20.00", issued_on=date(2026, 2, 10))
        issue_credit_note(session, account, invoice, money("30.00"), reason="Short delivery", actor=OPERATOR)

        february = figures(session, date(2026, 2, 1), date(2026, 2, 28))["GBP"]
        march = figures(session, date(2026, 3, 1), date(2026, 3, 31))["GBP"]

    assert (february.credit_sales, march.credit_sales) == (money("120.00"), money("-30.00"))
    assert (march.opening, march.closing) == (money("120.00"), money("90.00"))
    assert march.dso is None


def test_a_part_payment_weighs_by_its_amount_and_its_own_day(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 1, 1), due_on=date(2026, 1, 31))
        a_receipt(session, account, "75.00", date(2026, 1, 20), invoice)
        a_receipt(session, account, "25.00", date(2026, 3, 12), invoice)

        found = figures(session, date(2026, 1, 1), date(2026, 3, 31))["GBP"]

    assert found.weighted_average_delay == Decimal("10.00")
    assert found.grade is Grade.B


def test_what_was_taken_back_says_nothing_of_how_punctually_somebody_pays(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 1, 1), due_on=date(2026, 1, 31))
        a_receipt(session, account, "100.00", date(2026, 2, 10), invoice)
        take_back(session, live_allocations(session, invoice.id)[0], effective_on=date(2026, 2, 20))

        before = figures(session, date(2026, 2, 1), date(2026, 2, 19))["GBP"]
        after = figures(session, date(2026, 2, 1), date(2026, 2, 28))["GBP"]

    assert before.weighted_average_delay == Decimal("10.00")
    assert after.weighted_average_delay is None


def test_a_credit_note_is_no_payment(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 1, 1), due_on=date(2026, 1, 31))
        issue_credit_note(session, account, invoice, money("100.00"), reason="Returned", actor=OPERATOR)

        found = figures(session, date(2026, 1, 1), date(2026, 3, 31))["GBP"]

    assert (found.closing, found.weighted_average_delay, found.grade) == (money("0"), None, None)


def test_a_business_without_invoices_has_no_figures(db: Database) -> None:
    with db.reading() as session:
        report = figures_report(session, *QUARTER)

    assert report == {"from": "2013-04-01", "to": "2013-06-30", "currencies": {}}


def test_a_period_that_ends_before_it_begins_is_refused(db: Database) -> None:
    with db.reading() as session, pytest.raises(Invalid):
        figures(session, date(2026, 3, 2), date(2026, 3, 1))


def load_ibm(session: Session) -> None:
    """Every invoice of the file, paid in full on its day, in rows that the reports read."""
    if not IBM.exists():
        pytest.skip(f"the public receivables ledger is not at {IBM}")
    with IBM.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = sorted({row["customerID"] for row in rows})
    accounts = {number: an_account(session, number=number, currency="USD").id for number in numbers}
    invoices = add_rows(session, Invoice, [_invoice(session, accounts, row) for row in rows])
    credits_ = add_rows(session, CreditItem, [_credit(session, accounts, row) for row in rows])
    add_rows(
        session,
        Allocation,
        [
            {
                "account_id": accounts[row["customerID"]],
                "credit_item_id": credit_id,
                "invoice_id": invoice_id,
                "amount_minor": _minor(row),
                "effective_on": _day(row["SettledDate"]),
                "recorded_at": now(session),
            }
            for row, invoice_id, credit_id in zip(rows, invoices, credits_, strict=True)
        ],
    )


def add_rows(session: Session, table: type[Any], rows: Sequence[dict[str, object]]) -> list[int]:
    """Insert the rows and give their ids back in the same order."""
    return list(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def _invoice(session: Session, accounts: dict[str, int], row: dict[str, str]) -> dict[str, object]:
    return {
        "account_id": accounts[row["customerID"]],
        "kind": InvoiceKind.INVOICE,
        "number": row["invoiceNumber"],
        "status": InvoiceStatus.ISSUED,
        "issued_on": _day(row["InvoiceDate"]),
        "due_on": _day(row["DueDate"]),
        "currency": "USD",
        "amount_minor": _minor(row),
        "tax_minor": 0,
        "open_minor": 0,
        "recorded_at": now(session),
    }


def _credit(session: Session, accounts: dict[str, int], row: dict[str, str]) -> dict[str, object]:
    return {
        "account_id": accounts[row["customerID"]],
        "kind": CreditKind.PAYMENT,
        "source": row["invoiceNumber"],
        "currency": "USD",
        "amount_minor": _minor(row),
        "unapplied_minor": 0,
        "effective_on": _day(row["SettledDate"]),
        "recorded_at": now(session),
    }


def _minor(row: dict[str, str]) -> int:
    return Money.of(row["InvoiceAmount"], "USD").minor


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date()
