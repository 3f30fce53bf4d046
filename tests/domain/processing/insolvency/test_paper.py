"""The claim as PDF: it says who claims what from whom, in every language, and the books must not have moved."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from adapters.pdf.typst import TypstRenderer
from domain.insolvencies.proving import Claimed
from domain.processing.insolvency.claiming import claim_of
from domain.processing.insolvency.paper import claim_paper
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from domain.shared.languages import LANGUAGE_NAMES
from tests.support.builders import an_account, an_invoice, money
from tests.support.insolvency import an_insolvent_debtor
from web.localisation import SOURCE, localisation, supported


@pytest.fixture(scope="module")
def typst() -> TypstRenderer:
    """The real renderer."""
    return TypstRenderer(lambda language: localisation(supported(language) or SOURCE, "Europe/London"))


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_paper_names_the_case_the_parts_and_every_invoice(
    db: Database, typst: TypstRenderer, language: str
) -> None:
    with db.transaction() as session:
        account, day = an_account(session, language=language), today(session)
        issued_on = day - timedelta(days=60)
        invoice = an_invoice(session, account, "1200", issued_on=issued_on, due_on=issued_on)
        found = an_insolvent_debtor(session, account)
        shown = claim_of(session, found).total
        none = money("0")
        wish = Claimed(money("1000"), none, none, today(session), "Two pallets came back")

        paper = claim_paper(session, typst, account.id, found.id, wish, shown=shown)
        said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages).split())

        assert paper.number == 1
        for words in ("CR-2026-001234", "Mair & Co", account.name, invoice.number, "Two pallets came back"):
            assert words in said
        assert any(amount in said for amount in ("1,000.00", "1.000,00", "1000,00"))
        with pytest.raises(Conflict):
            claim_paper(session, typst, account.id, found.id, wish, shown=money("1"))
