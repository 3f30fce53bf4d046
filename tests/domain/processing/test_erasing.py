"""Erasing takes the content for good and leaves the row; the law, a hold, a dispute or another document forbid it."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from domain.banking import uploading
from domain.documents import filing, holds, opening, queries, removing
from domain.documents.listing import Wanted, listed
from domain.documents.messages import RemoveContent
from domain.documents.model import DOCUMENT_TEXTS, Category
from domain.documents.reading import Reader
from domain.importing import preparing
from domain.importing.queries import is_awaited
from domain.processing.erasing import erase, remove_content
from domain.processing.filing_papers import file_papers, invoice_called
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.audited import acts
from tests.support.builders import an_account, an_invoice
from tests.support.disputing import a_dispute
from tests.support.files import taken_in
from tests.support.importing import MAPPING, a_csv, a_row
from tests.support.outside import MemoryStore
from tests.support.terms import left_in_the_outbox

LETTER = b"A letter about pallets"


def a_letter(db: Database, store: MemoryStore, category: Category = Category.CORRESPONDENCE) -> tuple[int, int]:
    """An account with a letter, and the letter."""
    with db.transaction() as session:
        account_id = an_account(session).id
        return account_id, _filed(session, store, account_id, category)


def _filed(session: object, store: MemoryStore, account_id: int, category: Category) -> int:
    return filing.enter(
        session,  # type: ignore[arg-type]
        taken_in(store, LETTER, "letter.txt"),
        category=category,
        account_id=account_id,
        subject=("account", account_id),
        actor=OPERATOR,
    ).id


def test_its_content_and_words_go_and_its_row_says_that_it_was_here(db: Database) -> None:
    store = MemoryStore()
    account_id, letter = a_letter(db, store)
    Reader(db, store).read_due()

    with db.transaction() as session:
        erase(session, letter, why="Asked for by Ana Diaz", actor=OPERATOR)
        [message] = left_in_the_outbox(session, RemoveContent.kind)
    went = remove_content(db, store, str(message["sha256"]), also_needed=is_awaited)

    assert (went, store.contents) == (True, {})
    with db.reading() as session:
        row = queries.any_document(session, letter)
        assert row.sha256 == str(message["sha256"])
        assert queries.is_erased(session, letter)
        assert session.execute(select(DOCUMENT_TEXTS)).all() == []
        assert listed(session, Wanted(account_id, words="pallets")).rows == []
        assert acts(session)[-1] == "document.erased"
    with pytest.raises(NotFound, match="erased"):
        opening.open_document(db, store, row, actor=OPERATOR)
    with pytest.raises(Conflict, match="already"), db.transaction() as session:
        erase(session, letter, why="Twice", actor=OPERATOR)
    assert Reader(db, store).read_due() == 0


def test_a_content_that_another_document_has_stays_until_that_is_erased_too(db: Database) -> None:
    store = MemoryStore()
    _, first = a_letter(db, store)
    _, second = a_letter(db, store)
    sha256 = next(iter(store.contents))

    went = []
    for letter in (first, second):
        with db.transaction() as session:
            erase(session, letter, why="Old", actor=OPERATOR)
        went.append(remove_content(db, store, sha256, also_needed=is_awaited))

    assert went == [False, True]


def test_what_is_filed_again_before_it_goes_stays_and_while_it_goes_is_to_be_sent_again(
    db: Database, clock: MovableClock
) -> None:
    store = MemoryStore()
    _, first = a_letter(db, store)
    sha256 = next(iter(store.contents))
    with db.transaction() as session:
        erase(session, first, why="Old", actor=OPERATOR)
    _, again = a_letter(db, store)
    stayed = remove_content(db, store, sha256, also_needed=is_awaited)
    with db.transaction() as session:
        erase(session, again, why="Old", actor=OPERATOR)
    came_before = taken_in(store, LETTER, "letter.txt")
    went = remove_content(db, store, sha256, also_needed=is_awaited)

    with pytest.raises(Conflict, match="Send it again"), db.transaction() as session:
        uploading.keep(session, came_before, staff_id=1)
    clock.advance(minutes=11)
    a_letter(db, store)

    assert (stayed, went) == (False, True)
    assert remove_content(db, store, sha256, also_needed=is_awaited) is False
    assert list(store.contents) == [sha256]


def test_a_content_stays_that_an_import_waits_to_be_booked_with(db: Database) -> None:
    store = MemoryStore()
    preparing.prepare(db, BytesIO(a_csv(a_row())), "book.csv", MAPPING, actor=OPERATOR, store=store)
    sha256 = next(iter(store.contents))
    with db.transaction() as session:
        removing.ask_for(session, sha256)

    went = remove_content(db, store, sha256, also_needed=is_awaited)

    assert (went, list(store.contents)) == (False, [sha256])


def test_the_law_is_the_ground_on_which_it_is_refused(db: Database, clock: MovableClock) -> None:
    _, proof = a_letter(db, MemoryStore(), Category.PROOF_OF_DELIVERY)

    with pytest.raises(Conflict, match=r"The law .* 2032-03-16: VAT Act"), db.transaction() as session:
        erase(session, proof, why="Old", actor=OPERATOR)
    clock.advance(days=6 * 365 + 3)
    with db.transaction() as session:
        erase(session, proof, why="Old", actor=OPERATOR)


def test_nothing_goes_that_something_under_way_may_need(db: Database) -> None:
    store = MemoryStore()
    account_id, letter = a_letter(db, store)
    with db.transaction() as session:
        holds.place(session, account_id, "Claim 7", actor=OPERATOR)
    with pytest.raises(Conflict, match="legal hold"), db.transaction() as session:
        erase(session, letter, why="Old", actor=OPERATOR)
    with db.transaction() as session:
        holds.lift(session, account_id, "Settled", actor=OPERATOR)
        account, *_ = a_dispute(session)
        contested = _filed(session, store, account.id, Category.CORRESPONDENCE)
        about = an_invoice(session, an_account(session), "10")
        [paper] = file_papers(
            session,
            about.account_id,
            [taken_in(store, b"Another")],
            category=Category.CORRESPONDENCE,
            about=invoice_called(session, about.account_id, about.number),
            actor=OPERATOR,
        )
        open_one = paper.id
    with pytest.raises(Conflict, match="Disputed by the customer"), db.transaction() as session:
        erase(session, contested, why="Old", actor=OPERATOR)
    with pytest.raises(Conflict, match="still open"), db.transaction() as session:
        erase(session, open_one, why="Old", actor=OPERATOR)
    with pytest.raises(Invalid), db.transaction() as session:
        erase(session, letter, why=" ", actor=OPERATOR)


def test_papers_are_filed_about_what_is_the_accounts_own_and_nothing_else(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        invoice = an_invoice(session, theirs, "10")
        taken = [taken_in(store, b"Proof")]

        for about in (("invoice", invoice.id), ("account", theirs.id), ("payment", 1)):
            with pytest.raises(NotFound):
                file_papers(session, ours.id, taken, category=Category.PROOF_OF_DELIVERY, about=about, actor=OPERATOR)
        with pytest.raises(Invalid, match="no invoice of this number"):
            invoice_called(session, ours.id, invoice.number)
        with pytest.raises(Invalid, match="Choose what it is"):
            file_papers(
                session, ours.id, taken, category=Category.STATEMENT, about=("account", ours.id), actor=OPERATOR
            )
