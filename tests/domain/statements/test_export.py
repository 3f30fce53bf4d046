"""Export: numbers stay numbers, and no cell makes a spreadsheet do anything."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.db.session import Database
from domain.statements.export import COMMANDS, safe_cell, statement_csv
from domain.statements.queries import statement
from tests.support.builders import a_receipt, an_account, an_invoice
from web.localisation import localisation

ENGLISH, SPANISH = (localisation(tag, "Europe/London") for tag in ("en", "es"))


def test_a_statement_adds_up_in_a_spreadsheet(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "1240.50", issued_on=date(2026, 2, 10), number="7")
        a_receipt(session, account, "2000.00", date(2026, 3, 3))
        view = statement(session, account.id, date(2026, 3, 1), date(2026, 3, 31))

    content = b"".join(statement_csv(view, ENGLISH)).decode("utf-8-sig")

    assert list(csv.reader(StringIO(content))) == [
        ["Date", "What", "Number", "Amount", "Balance", "Currency"],
        ["2026-03-01", "Brought forward", "", "", "1240.50", "GBP"],
        ["2026-03-03", "Payment", "", "-2000.00", "-759.50", "GBP"],
        ["2026-03-31", "Balance on 31\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2026", "", "", "-759.50", "GBP"],
    ]


@pytest.mark.parametrize("number", ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_an_invoice_number_is_never_a_formula(db: Database, number: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "5.00", issued_on=date(2026, 3, 2), number=number)
        view = statement(session, account.id, date(2026, 3, 1), date(2026, 3, 31))

    content = b"".join(statement_csv(view, SPANISH)).decode("utf-8-sig")

    cells = list(csv.reader(StringIO(content, newline="")))[2]
    assert cells[2] == f"'{number}"
    assert cells[3] == "5.00"


@pytest.mark.parametrize("first", [*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20"])
def test_what_a_spreadsheet_would_run_is_text(first: str) -> None:
    assert safe_cell(f"{first}1+1") == f"'{first}1+1"


@given(st.text())
def test_no_cell_of_words_begins_like_a_command(text: str) -> None:
    cell = safe_cell(text)

    assert not cell.startswith(COMMANDS)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text
