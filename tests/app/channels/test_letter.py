"""Letter: a notice as a PDF with its address, its table, and the ways to pay; it waits for paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from adapters.pdf.typst import TypstRenderer
from app.handlers.noticing import send_notice
from app.wired import Wired
from domain.accounts.model import Account
from domain.documents import queries as documents
from domain.documents.model import Category
from domain.notices import printing, queries
from domain.notices.messages import SendNotice
from domain.notices.model import NoticeStatus
from domain.policies.contacting import Channel, Wording
from domain.processing.printing_letters import print_letters
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.languages import LANGUAGE_NAMES
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.filed import filed
from tests.support.noticing import a_notice
from web.localisation import SOURCE

JO = Actor.staff(1)
BREAK = "\N{ZERO WIDTH SPACE}"
"""Where a long address may go on in the next line."""


@pytest.fixture
def typing(wired: Wired) -> Wired:
    """Everything, with real PDFs."""
    return replace(wired, renderer=TypstRenderer(lambda _: wired.letters.speaking(SOURCE)))


def a_letter(wired: Wired, *, language: str = "en", wording: Wording = Wording.FINAL_NOTICE, invoices: int = 1) -> int:
    """A letter that is made."""
    with wired.database.transaction() as session:
        account = an_account(session, language="es" if language == "es" else "en")
        for _ in range(invoices):
            an_invoice(session, account, "120")
        notice = a_notice(session, account, Channel.LETTER, wording=wording)
        notice.language, notice.act_by = language, today(session) + timedelta(days=7)
        notice_id = notice.id
    send_notice(wired, SendNotice(notice_id=notice_id))
    return notice_id


def pages_of(wired: Wired, notice_id: int) -> list[str]:
    """What stands on each page of its PDF, its spaces made plain."""
    with wired.database.reading() as session:
        [letter] = printing.among(session, [notice_id])
    pages = PdfReader(BytesIO(printing.content_of(wired.store, letter.sha256))).pages
    return [" ".join(page.extract_text().replace(BREAK, "").split()) for page in pages]


def test_a_letter_is_filed_and_waits_for_paper(typing: Wired) -> None:
    notice_id = a_letter(typing)

    with typing.database.reading() as session:
        notice, kept = queries.notice(session, notice_id), queries.content(session, notice_id)
        filed = documents.newest(session, Category.NOTICE, ("notice", notice_id))
        [waiting] = printing.waiting(session)
    assert kept is not None
    assert filed is not None
    assert (notice.status, kept.document_id, waiting.id) == (NoticeStatus.READY, filed.id, notice_id)
    assert filed.account_id == notice.account_id
    assert "/l/…" in kept.body


def test_a_letter_is_made_once_and_goes_on_asking_for_what_it_says(typing: Wired) -> None:
    notice_id = a_letter(typing)
    with typing.database.transaction() as session:
        account_id = queries.notice(session, notice_id).account_id
        invoice = session.scalars(select(Invoice).where(Invoice.account_id == account_id)).one()
        a_receipt(session, session.get_one(Account, account_id), "20", today(session), invoice)

    send_notice(typing, SendNotice(notice_id=notice_id))

    with typing.database.transaction() as session:
        assert [each.category for each in filed(session, account_id)] == [Category.NOTICE]
        assert queries.notice(session, notice_id).total_minor == 120_00
        assert print_letters(session, typing.store, [notice_id], actor=JO).written_anew == 1


def test_a_letter_says_to_whom_how_much_and_how_to_pay(typing: Wired) -> None:
    notice_id = a_letter(typing)

    [page] = pages_of(typing, notice_id)

    for words in (
        "Final notice: £120.00",
        "Harbour Café Ltd Ana Lima 1 Quay Street Bristol",
        "£120.00",
        "Page 1 of 1",
        "/l/",
    ):
        assert words in page


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_letter_speaks_the_language_of_its_reader(typing: Wired, language: str) -> None:
    notice_id = a_letter(typing, language=language)

    [page] = pages_of(typing, notice_id)

    first = {"en": "Page 1 of 1", "es": "Página 1 de 1", "fr": "Page 1 sur 1", "de": "Seite 1 von 1"}
    assert first[language] in page


def test_a_long_letter_goes_on_on_the_next_page_with_its_sum_at_the_end(typing: Wired) -> None:
    notice_id = a_letter(typing, invoices=30)

    first, second = pages_of(typing, notice_id)

    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second
    assert "£3,600.00" in second


def test_what_a_letter_encloses_follows_it(typing: Wired) -> None:
    notice_id = a_letter(typing, wording=Wording.INVOICE)

    letter, invoice = pages_of(typing, notice_id)

    assert "1 Quay Street" in letter
    assert "Description" in invoice


def test_a_batch_begins_each_letter_on_a_sheet_of_its_own(typing: Wired) -> None:
    letters = [a_letter(typing), a_letter(typing, invoices=30), a_letter(typing)]

    with typing.database.transaction() as session:
        made = print_letters(session, typing.store, letters, actor=JO)

    assert made.batch_id is not None
    with typing.database.reading() as session:
        batch = printing.batch(session, made.batch_id)
        document = documents.any_document(session, batch.document_id)
    pages = PdfReader(BytesIO(printing.content_of(typing.store, document.sha256))).pages
    assert (batch.letters, batch.pages) == (3, 4)
    assert ["of 1" in page.extract_text() for page in pages] == [True, False, False, False, True]
    assert pages[1].extract_text() == ""
