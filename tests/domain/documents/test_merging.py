"""Merging: PDFs one after the other, each on sheets of its own where that is wanted."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from domain.documents.merging import merged, page_count
from tests.support.lettering import paper
from tests.support.pdfs import a_pdf


def words(content: bytes) -> list[str]:
    """What stands on each page."""
    return [page.extract_text().strip() for page in PdfReader(BytesIO(content)).pages]


def test_one_after_the_other() -> None:
    whole = merged([paper(["one"], 2), paper(["two"]), paper(["three"])])

    assert words(whole) == ["one", "", "two", "three"]


def test_on_sheets_of_their_own_each_begins_on_an_odd_page() -> None:
    whole = merged(
        [paper(["one"]), paper(["two"], 2), paper(["three"], 3), paper(["four"])], on_sheets_of_their_own=True
    )

    assert words(whole) == ["one", "", "two", "", "three", "", "", "", "four"]


def test_a_blank_page_is_as_large_as_the_one_before() -> None:
    pages = PdfReader(BytesIO(merged([a_pdf(["one"])] * 2, on_sheets_of_their_own=True))).pages

    assert [tuple(page.mediabox) for page in pages] == [(0, 0, 595, 842)] * 3


def test_a_single_one_stays_as_it_is() -> None:
    alone = a_pdf(["one"])

    assert merged([alone]) == alone
    assert page_count(alone) == 1
