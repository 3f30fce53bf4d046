"""Advice files: our numbers and references are found with the amounts beside them, and nothing else is."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.importing.advice_files import media_type_of, shares_in
from domain.receivables.references import printed, reference_of
from domain.shared.errors import Invalid
from tests.support.builders import money
from tests.support.pdfs import a_pdf

OPEN = {7: ("INV-000007", money("120.00")), 8: ("INV-000008", money("1500.00")), 9: ("INV-0000080", money("5.00"))}


def read(content: bytes) -> dict[int, str]:
    """What a file names, as invoice and amount."""
    return {one: str(amount.decimal) for one, amount in shares_in(BytesIO(content), OPEN).items()}


def test_a_table_names_invoices_and_amounts() -> None:
    content = b'Invoice,Date,Paid\nINV-000007,2026-03-01,100.00\ninv-000008,2026-03-02,"1,200.50"\nOTHER-1,,9.00\n'

    assert read(content) == {7: "100.00", 8: "1200.50"}


def test_semicolons_and_commas_for_decimals_are_read_too() -> None:
    assert read(b"Rechnung;Betrag\nINV-000008;1.200,50\n") == {8: "1200.50"}


def test_a_pdf_names_them_by_number_or_by_our_reference() -> None:
    content = a_pdf(
        ["Remittance advice of 16.03.2026", "INV-000007  80.00 GBP", f"{printed(reference_of(8))} 1,500.00"]
    )

    assert read(content) == {7: "80.00", 8: "1500.00"}


def test_without_an_amount_all_that_is_open_is_meant_and_never_more() -> None:
    assert read(b"Invoice,Paid\nINV-000007,\nINV-000008,9999.00\n") == {7: "120.00", 8: "1500.00"}


def test_a_longer_number_is_not_taken_for_a_shorter_one() -> None:
    assert read(b"Invoice,Paid\nINV-0000080,5.00\n") == {9: "5.00"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Invoice,Paid\nX-1,5.00\n",
        b"PK\x03\x04" + b"INV-000007" * 20,
        b"\x89PNG\r\n\x1a\n INV-000007",
        b"%PDF-1.7\nINV-000007\n%%EOF",
        b"INV-000007,5.00\n%PDF-1.4 and a program",
        a_pdf(["nothing of ours"]),
        b"INV-000007" * 600_000,
    ],
    ids=["empty", "none of ours", "zip", "picture", "broken pdf", "both at once", "pdf of others", "too large"],
)
def test_what_is_no_advice_is_refused_beside_the_file(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)

    assert refused.value.field == "file"


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_read_or_refused(content: bytes, as_pdf: bool) -> None:
    try:
        found = read(b"%PDF-1.7\n" + content if as_pdf else content)
    except Invalid:
        return
    assert set(found) <= set(OPEN)
    assert media_type_of(BytesIO(content)) in {"text/csv", "application/pdf"}
