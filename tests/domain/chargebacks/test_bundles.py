"""The one file of a field: a paper as it is, or several in one PDF, pictures among them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from domain.chargebacks import bundles
from domain.chargebacks.bundles import bundle, bundles_of, papers_of
from domain.documents import confining
from domain.documents.assembling import Part
from domain.documents.merging import page_count
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.filed import an_account_id, file
from tests.support.outside import MemoryStore
from tests.support.pdfs import a_pdf

PAPER = Part(a_pdf(["Delivered"]), "application/pdf")


def a_picture(mode: str = "RGBA") -> Part:
    """A photograph of a delivery note, or what stands for one."""
    written = BytesIO()
    Image.new(mode, (40, 60)).save(written, format="PNG")
    return Part(written.getvalue(), "image/png")


def test_one_paper_or_picture_stays_as_it_is() -> None:
    picture = a_picture()

    alone, paper = bundle([picture]), bundle([PAPER])

    assert (alone.content, alone.ending, alone.pages) == (picture.content, ".png", 1)
    assert (paper.content, paper.ending, paper.pages) == (PAPER.content, ".pdf", 1)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "P"])
def test_several_become_one_pdf_in_their_order(mode: str) -> None:
    made = bundle([PAPER, a_picture(mode), PAPER])

    assert (made.ending, made.pages, page_count(made.content)) == (".pdf", 3, 3)


def test_a_file_that_cannot_be_read_is_named_beside_its_field(db: Database) -> None:
    store = MemoryStore()
    broken = file(db, store, an_account_id(db), b"%PDF-1.7 broken")

    with db.reading() as session:
        papers = papers_of(session, {"receipt": [broken.id, broken.id]})
    with pytest.raises(Invalid) as refused:
        bundles_of(store, papers)

    assert refused.value.field == "receipt"
    assert "RCT-000001" in str(refused.value)


def test_a_paper_that_takes_too_long_to_read_is_refused_and_holds_nobody_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore()
    slow = file(db, store, an_account_id(db), PAPER.content)
    with db.reading() as session:
        papers = papers_of(session, {"receipt": [slow.id]})
    monkeypatch.setattr(confining, "SECONDS", 0.01)

    with pytest.raises(Invalid, match="too large to read"):
        bundles_of(store, papers)


def test_what_is_far_too_much_is_refused_before_any_of_it_is_read(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = file(db, MemoryStore(), an_account_id(db), PAPER.content)
    with db.reading() as session:
        papers = papers_of(session, {"receipt": [large.id]})
    monkeypatch.setattr(bundles, "MOST_BYTES", len(PAPER.content) - 1)

    with pytest.raises(Invalid, match="kilobytes together"):
        bundles_of(MemoryStore(), papers)
