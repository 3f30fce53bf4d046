"""Printing: letters wait until they are printed once, and are sent when somebody says that they were posted."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from domain.documents import queries as documents
from domain.notices import changing, printing
from domain.notices.model import HeldBack, NoticeStatus
from domain.notices.printing import Posted, address_lines
from domain.policies.contacting import Channel
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, NotFound
from tests.support.audited import acts
from tests.support.builders import an_account, an_invoice
from tests.support.lettering import a_letter
from tests.support.noticing import a_notice
from tests.support.outside import MemoryStore

JO = Actor.staff(1)


@pytest.fixture
def store() -> MemoryStore:
    """Where the documents lie."""
    return MemoryStore()


def test_only_letters_that_are_made_and_not_printed_wait(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        a_notice(session, account, Channel.LETTER)
        a_notice(session, account, Channel.EMAIL)
        printed, waits, gone = (a_letter(session, store, account) for _ in range(3))
        changing.change(session, gone, NoticeStatus.SUPPRESSED, actor=WORKER, why=HeldBack.PAID)
        printing.print_batch(session, store, [printed.id], actor=JO)

        assert [row.id for row in printing.waiting(session)] == [waits.id]
        assert printing.count_waiting(session) == 1


def test_a_batch_is_one_file_in_the_order_of_its_letters(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        first = a_letter(session, store, account, lines=["first"])
        second = a_letter(session, store, account, lines=["second"], pages=3)

        made = printing.print_batch(session, store, [second.id, first.id], actor=JO)

        batch, letters = printing.batch(session, made.id), printing.printed(session, made.id)
        content = printing.content_of(store, documents.any_document(session, batch.document_id).sha256)
        assert (batch.letters, batch.pages, batch.actor_id) == (2, 4, JO.id)
        assert [(row.id, row.pages) for row in letters] == [(first.id, 1), (second.id, 3)]
        assert [page.extract_text().strip() for page in PdfReader(BytesIO(content)).pages] == [
            *("first", "", "second", "", "")
        ]
        assert acts(session).count("letter.printed") == 2
        assert {first.status, second.status} == {NoticeStatus.READY}


def test_a_letter_is_printed_once(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        letters = [a_letter(session, store, account).id for _ in range(2)]
        printing.print_batch(session, store, letters[:1], actor=JO)

    with pytest.raises(Conflict), db.transaction() as session:
        printing.print_batch(session, store, letters, actor=JO)
    with pytest.raises(Conflict), db.transaction() as session:
        printing.print_batch(session, store, [], actor=JO)


def test_letters_are_sent_when_they_are_in_the_post_but_for_those_that_were_called_off(
    db: Database, store: MemoryStore
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        goes, stays = (a_letter(session, store, account) for _ in range(2))
        batch_id = printing.print_batch(session, store, [goes.id, stays.id], actor=JO).id
        before = printing.posted(session, [batch_id])
        changing.change(session, stays, NoticeStatus.SUPPRESSED, actor=WORKER, why=HeldBack.PAID)

        count = printing.post(session, batch_id, actor=JO)

        assert count == 1
        assert (goes.status, goes.sent_at) == (NoticeStatus.SENT, now(session))
        assert stays.status is NoticeStatus.SUPPRESSED
        assert before == {batch_id: Posted(sent=0, called_off=0, waiting=2)}
        assert printing.posted(session, [batch_id]) == {batch_id: Posted(sent=1, called_off=1, waiting=0)}

    with pytest.raises(Conflict), db.transaction() as session:
        printing.post(session, batch_id, actor=JO)


def test_batches_are_listed_newest_first(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        made = [
            printing.print_batch(session, store, [a_letter(session, store, account).id], actor=JO).id for _ in range(3)
        ]

        assert [row.id for row in printing.batches(session, limit=2)] == [made[2], made[1]]
        assert [row.id for row in printing.batches(session, before=made[1], limit=2)] == [made[0]]


def test_what_is_not_there_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        printing.post(session, 7, actor=JO)


def test_the_window_shows_the_customer_the_person_and_the_address() -> None:
    address = "1 Quay Street\n\n  Bristol "

    assert address_lines("Harbour Ltd", "Ana Lima", address) == ["Harbour Ltd", "Ana Lima", "1 Quay Street", "Bristol"]
    assert address_lines("Ana Lima", "Ana Lima", address) == ["Ana Lima", "1 Quay Street", "Bristol"]
    assert address_lines("Ana Lima", None, "") == ["Ana Lima"]
