"""Guessing: usual names are recognised, and what could be two things is left to a person."""

from __future__ import annotations

import io

import pytest

from domain.importing.guessing import guess_mapping, look
from domain.importing.mapping import Ours
from domain.importing.problems import Unreadable
from tests.support.importing import a_workbook


def test_the_columns_of_ibms_sample_are_recognised() -> None:
    headers = (
        "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate"
    )

    assert guess_mapping(headers.split(",")) == {
        Ours.ACCOUNT_NUMBER: "customerID",
        Ours.INVOICE_NUMBER: "invoiceNumber",
        Ours.ISSUED_ON: "InvoiceDate",
        Ours.DUE_ON: "DueDate",
        Ours.AMOUNT: "InvoiceAmount",
        Ours.PAID_ON: "SettledDate",
        Ours.COUNTRY: "countryCode",
    }


@pytest.mark.parametrize(
    "headers",
    [
        ["Kundennummer", "Rechnungsnummer", "Rechnungsdatum", "Fälligkeit", "Betrag"],
        ["Número de cliente", "Número de factura", "Fecha de factura", "Fecha de vencimiento", "Importe"],
        ["Customer No.", "Invoice No.", "Invoice Date", "Due Date", "Amount", "Delivery Date"],
        list(Ours)[:5],
    ],
)
def test_names_in_other_languages_are_recognised_too(headers: list[str]) -> None:
    assert list(guess_mapping(headers).values()) == headers


def test_one_column_is_not_taken_twice() -> None:
    assert guess_mapping(["Date", "Invoice Date"]) == {Ours.ISSUED_ON: "Invoice Date"}


def seen(*rows: str) -> tuple[str | None, str | None]:
    found = look(io.BytesIO("\r\n".join(("invoice date;amount", *rows)).encode()))
    return found.date, found.decimal


def test_a_format_that_alone_fits_is_proposed() -> None:
    assert seen("31.12.2025;1.234,56", "01.02.2026;7") == ("%d.%m.%Y", ",")
    assert seen("12/31/2025;1,234.56") == ("%m/%d/%Y", ".")
    assert seen("2025-12-31;12") == ("iso", None)


def test_what_fits_several_ways_is_left_open() -> None:
    assert seen("01/02/2026;1,234") == (None, None)
    assert seen("31/12/2025;1.50", "02/01/2026;1,50") == ("%d/%m/%Y", None)


def test_what_fits_no_format_is_left_open() -> None:
    assert seen("soon;12.50") == (None, ".")


def test_a_look_shows_the_first_rows_and_how_they_were_read() -> None:
    found = look(io.BytesIO(a_workbook(["C-1", 1001, "2026-01-05"])))

    assert found.rows == [["C-1", "1001", "2026-01-05"]]
    assert (found.read_as, found.columns[Ours.DESCRIPTION]) == ({"sheet": "Ledger"}, "text")


def test_a_broken_row_further_down_does_not_spoil_the_look() -> None:
    found = look(io.BytesIO(b'amount\r\n1\r\n"2"x\r\n'))

    assert found.rows == [["1"]]


def test_an_empty_file_has_nothing_to_look_at() -> None:
    with pytest.raises(Unreadable):
        look(io.BytesIO(b""))
