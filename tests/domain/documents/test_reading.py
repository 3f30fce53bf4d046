"""The words of documents are read within bounds, and found by their beginnings, whatever their accents."""

from __future__ import annotations

import subprocess
import sys
import threading
from io import BytesIO

import pytest
from sqlalchemy import select

from domain.documents import confining, filing
from domain.documents.extracting import Unreadable, words_of
from domain.documents.listing import Wanted, listed
from domain.documents.model import DOCUMENT_TEXTS, Category, TextState
from domain.documents.reading import Reader, keep, unread
from domain.processing.erasing import erase
from domain.shared import plain_words
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from domain.shared.plain_words import words_in
from tests.support.builders import an_account
from tests.support.files import a_photo, a_word_file, taken_in
from tests.support.outside import MemoryStore
from tests.support.pdfs import a_pdf

PDF, TEXT = "application/pdf", "text/plain"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIL = b"From: ana@kite.example\r\nSubject: Delivery\r\n\r\nThe pallets came broken.\r\n"


@pytest.mark.parametrize(
    ("content", "media_type", "word"),
    [
        (a_pdf(["Signed by Quintessa Blythe"]), PDF, "quintessa"),
        ("Größe: ÉTÉ ﬁnal".encode(), TEXT, "grosse"),
        ("Größe".encode("utf-16"), TEXT, "grosse"),
        (a_word_file("Forty pallets"), WORD, "pallets"),
        (MAIL, "message/rfc822", "pallets"),
    ],
)
def test_words_are_taken_out_of_what_has_some(content: bytes, media_type: str, word: str) -> None:
    assert word in words_of(BytesIO(content), media_type)


def test_a_picture_has_none() -> None:
    assert words_of(BytesIO(a_photo()), "image/jpeg") == []


def test_what_is_damaged_or_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable):
        words_of(BytesIO(b"%PDF-1.7 and nothing more"), PDF)
    monkeypatch.setattr(confining, "SECONDS", 0.01)
    with pytest.raises(Unreadable, match="too long"):
        words_of(BytesIO(a_pdf(["Anything"])), PDF)


def test_a_child_that_reads_starts_with_nothing_that_reading_does_not_need() -> None:
    script = "import sys, domain.documents.extracting; sys.exit('sqlalchemy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], check=False)

    assert done.returncode == 0


def test_words_are_kept_without_accents_once_each() -> None:
    assert words_in(["Été, ÉTÉ and x_y 12.5", "and " + "w" * 90]) == ["ete", "and", "x", "y", "12", "5", "w" * 40]


def test_no_more_words_are_kept_than_the_index_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_words, "MOST_BYTES", 10)

    assert plain_words.kept(["ete", "ete", "漢字", "more"]) == "ete"
    assert plain_words.kept(["ete", "more"]) == "ete more"


def test_documents_are_found_by_the_beginnings_of_their_words_on_their_account_or_on_all(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        ours, theirs = an_account(session).id, an_account(session).id
        for account_id, content, name in (
            (ours, b"Forty pallets, signed by \xc3\x89tienne", "pod-7.txt"),
            (theirs, b"Forty crates", "pod-8.txt"),
            (ours, b"%PDF-1.7 broken", "scan.pdf"),
        ):
            filing.enter(
                session,
                taken_in(store, content, name),
                category=Category.PROOF_OF_DELIVERY,
                account_id=account_id,
                subject=("account", account_id),
                actor=WORKER,
            )

    reader = Reader(db, store)
    done = [reader.read_due(), reader.read_due()]

    def found(words: str, account_id: int | None = None) -> list[str]:
        with db.reading() as session:
            return [row.filename for row in listed(session, Wanted(account_id, words=words)).rows]

    assert done == [3, 0]
    assert found("fort") == ["pod-8.txt", "pod-7.txt"]
    assert found("FORTY etien") == ["pod-7.txt"]
    assert found("forty", theirs) == ["pod-8.txt"]
    assert found("pod", ours) == ["pod-7.txt"]
    assert found("scan") == ["scan.pdf"]
    assert (found("orty"), found("' OR 1 --"), found('"*')) == ([], [], [])
    with db.reading() as session:
        states = session.scalars(select(DOCUMENT_TEXTS.c.state).order_by(DOCUMENT_TEXTS.c.document_id)).all()
    assert states == [TextState.READ, TextState.READ, TextState.UNREADABLE]


def test_no_words_are_kept_of_what_is_just_being_erased(committed_db: Database) -> None:
    store = MemoryStore()
    with committed_db.transaction() as session:
        account_id = an_account(session).id
        taken = taken_in(store, b"Born in May", "passport.txt")
        about = ("account", account_id)
        letter = filing.enter(
            session, taken, category=Category.CORRESPONDENCE, account_id=account_id, subject=about, actor=WORKER
        ).id
    with committed_db.reading() as session:
        [row] = unread(session)

    kept = threading.Event()

    def keep_words() -> None:
        with committed_db.transaction() as session:
            keep(session, row, TextState.READ, ["born"])
        kept.set()

    thread = threading.Thread(target=keep_words)
    with committed_db.transaction() as session:
        erase(session, letter, why="Asked for", actor=WORKER)
        thread.start()
        waited = not kept.wait(0.2)
    thread.join()

    assert waited
    with committed_db.reading() as session:
        assert session.execute(select(DOCUMENT_TEXTS)).all() == []
