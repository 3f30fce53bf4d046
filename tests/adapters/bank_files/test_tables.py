"""Tables: columns guessed and confirmed, sides, running balances in either order, and errors by row and column."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from adapters.bank_files.reader import BankFiles
from domain.banking.columns import BankColumns, Column
from domain.banking.files import BadBankFile, BankStatementPage
from domain.shared.errors import Invalid
from domain.shared.money import Money
from tests.support.bank_files import COLUMNS, HEADERS, a_bank_csv, a_line

LINES = a_line("120.00", "first", bank_ref="B1"), a_line("-20.00", "second"), a_line("1.50", "third")
SIDES = BankColumns("1", "GBP", {Column.BOOKED_ON: "Date", Column.DEBIT: "Paid out", Column.CREDIT: "Paid in"})


def read(content: bytes, columns: BankColumns = COLUMNS) -> BankStatementPage:
    (page,) = BankFiles().read(io.BytesIO(content), "march.csv", columns=columns).statements
    return page


def refusal(content: bytes, columns: BankColumns = COLUMNS) -> str:
    with pytest.raises(BadBankFile) as refused:
        read(content, columns)
    return str(refused.value)


def a_sided(*rows: str) -> bytes:
    return "\n".join(("Date,Paid out,Paid in", *rows)).encode()


def test_columns_are_guessed_for_a_person_to_confirm() -> None:
    seen = BankFiles().look(io.BytesIO(a_bank_csv(*LINES, separator=";")))

    assert seen.headers == HEADERS
    assert seen.columns == COLUMNS.columns
    assert (seen.date, seen.decimal) == ("iso", ".")
    assert len(seen.rows) == 3


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(BadBankFile):
        BankFiles().look(io.BytesIO(b"\n\n"))


def test_the_newest_row_may_stand_first() -> None:
    head, *rows = a_bank_csv(*LINES).splitlines()

    page = read(b"\r\n".join((head, *reversed(rows))))

    assert (page.opening, page.closing) == (Money.of("1000.00", "EUR"), Money.of("1101.50", "EUR"))
    assert [line.text for line in page.lines] == ["third", "second", "first"]


def test_a_balance_that_does_not_follow_is_told_by_row_and_column() -> None:
    told = refusal(a_bank_csv(*LINES).replace(b"1100.00", b"1100.01"))

    assert "row 3, column “Balance”" in told
    assert "1100.00 EUR" in told


def test_a_row_that_is_missing_is_noticed_by_the_balance() -> None:
    rows = a_bank_csv(*LINES).splitlines()

    assert "Balance" in refusal(b"\r\n".join((rows[0], rows[1], rows[3])))


def test_without_balances_nothing_is_known_of_opening_and_closing() -> None:
    columns: dict[Column, str] = {
        ours: theirs for ours, theirs in COLUMNS.columns.items() if ours is not Column.BALANCE
    }

    page = read(a_bank_csv(*LINES), replace(COLUMNS, columns=columns))

    assert (page.opening, page.closing) == (None, None)


def test_two_columns_say_the_sides() -> None:
    page = read(a_sided("2026-03-13,,10.00", "2026-03-13,4.00,", "2026-03-13,0.00,3.00"), SIDES)

    assert [line.amount.minor for line in page.lines] == [1000, -400, 300]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2026-03-13,1.00,2.00", "Paid in"),
        ("2026-03-13,,", "Paid in"),
        ("2026-03-13,-1.00,", "Paid out"),
        (",,2.00", "Date"),
        ("31/12/2026,,2.00", "Date"),
        ('2026-03-13,,"1,234"', "Paid in"),
        ("2026-03-13,,=cmd|' /C calc'!A0", "Paid in"),
        ("2026-03-13,,0.001", "Paid in"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_by_row_and_column(row: str, column: str) -> None:
    told = refusal(a_sided("2026-03-13,,10.00", row), SIDES)

    assert f"row 3, column “{column}”" in told


def test_a_payers_words_may_look_like_a_formula() -> None:
    page = read(a_bank_csv(a_line("1.00", "=cmd|' /C calc'!A0")))

    assert page.lines[0].text == "=cmd|' /C calc'!A0"


def test_a_line_in_another_currency_is_refused() -> None:
    columns = replace(SIDES, columns={**SIDES.columns, Column.CURRENCY: "Currency"})

    told = refusal(b"Date,Paid out,Paid in,Currency\n2026-03-13,,1.00,USD\n", columns)

    assert "GBP, the currency of the bank account" in told


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (a_sided(), SIDES),
        (a_sided("2026-03-13,,1.00").replace(b"Paid in", b"Credit"), SIDES),
        (a_sided('2026-03-13,,"1.00'), SIDES),
    ],
    ids=["no rows", "a column is missing", "an open quotation"],
)
def test_a_table_that_cannot_be_used_is_refused(content: bytes, columns: BankColumns) -> None:
    assert refusal(content, columns)


@pytest.mark.parametrize(("change", "field"), [({"date": "%d"}, "date"), ({"encoding": "base64"}, "encoding")])
def test_columns_that_cannot_be_used_are_refused_by_field(change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(a_bank_csv(*LINES), replace(COLUMNS, **change))  # type: ignore[arg-type]

    assert refused.value.field == field
