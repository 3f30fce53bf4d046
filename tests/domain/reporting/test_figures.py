"""Figures of a real receivables ledger against the ones worked by hand, and of small ones against their meaning."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.importing.mapping import FileMapping
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import NewLine, issue
from domain.reporting.figures import figures
from domain.reporting.formulas import Grade
from domain.reporting.reports import ageing_report, figures_report
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back
from tests.support.ibm import IBM, IBM_MAPPING, needs_ibm
from tests.support.importing import booked

QUARTER = (date(2013, 4, 1), date(2013, 6, 30))


@needs_ibm
def test_the_real_ledger_comes_out_as_worked_by_hand(db: Database) -> None:
    booked(db, IBM.read_bytes(), FileMapping.from_toml(IBM_MAPPING.read_text()))

    with db.reading() as session:
        aged = ageing_report(session, date(2013, 6, 30))["currencies"]["USD"]
        quarter = figures_report(session, *QUARTER)["currencies"]["USD"]
        whole = figures_report(session, date(2012, 1, 1), date(2014, 12, 31))["currencies"]["USD"]

    assert aged["buckets"]["current"] == {"amount": "4284.29", "count": 72}
    assert aged["buckets"]["1-30"] == {"amount": "835.56", "count": 12}
    assert [aged["buckets"][name]["count"] for name in ("31-60", "61-90", "91-120", "over-120")] == [0, 0, 0, 0]
    assert aged["total"] == "5119.85"
    assert quarter["credit_sales"] == "20098.87"
    assert (quarter["dso"], quarter["best_possible_dso"]) == ("23.18", "19.40")
    assert (quarter["opening_receivable"], quarter["average_days_delinquent"]) == ("5903.74", "3.78")
    assert (quarter["count_back_dso"], quarter["cei"]) == ("26.26", "96.15")
    assert (quarter["weighted_average_delay"], quarter["grade"]) == ("3.81", Grade.A)
    assert (whole["credit_sales"], whole["closing_receivable"]) == ("147703.18", "0.00")
    assert (whole["weighted_average_delay"], whole["grade"]) == ("3.57", Grade.A)


def test_credit_notes_reduce_credit_sales_on_their_own_day(db: Database) -> None:
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
        take_back(session, live_allocations(session, invoice)[0], effective_on=date(2026, 2, 20))

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
    with pytest.raises(Invalid), db.reading() as session:
        figures(session, date(2026, 3, 2), date(2026, 3, 1))


def test_the_lag_from_delivery_to_invoice_is_averaged_where_the_delivery_is_known(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        day = date(2026, 2, 20)
        line = NewLine("Goods", money("10"), money("0"))
        for delivered_on in (date(2026, 2, 13), date(2026, 2, 20), date(2026, 2, 25), None):
            issue(session, account, [line], issued_on=day, delivered_on=delivered_on, actor=OPERATOR)

        found = figures(session, date(2026, 2, 1), date(2026, 2, 28))["GBP"]
        none = figures(session, date(2026, 3, 1), date(2026, 3, 31))["GBP"]

    assert found.invoice_lag == Decimal("2.33")
    assert none.invoice_lag is None
