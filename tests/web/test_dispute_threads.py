"""Threads of disputes: what each began with is read on where it has gone up in another, and whose each file is."""

from __future__ import annotations

from domain.disputes.joining import merge
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.disputes.talking import write_to_us
from domain.documents.model import Category
from domain.processing.filing_papers import file_papers
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice, money
from tests.support.files import taken_in
from tests.support.outside import MemoryStore
from web.dispute_threads import FILED_WORDS, thread_view


def test_the_first_words_of_what_has_gone_up_stand_in_the_thread_with_their_files(
    db: Database, clock: MovableClock
) -> None:
    store, ids = MemoryStore(), []
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
    for words in ("Wet.", "Torn.", "Late."):
        clock.advance(minutes=5)
        with db.transaction() as session:
            files = (taken_in(store, words.encode(), f"{words}txt"),)
            complaint = Complaint(Reason.DAMAGED, words, money("10"), files=files)
            ids.append(raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR).id)
    first, second, third = ids
    clock.advance(minutes=5)
    with db.transaction() as session:
        write_to_us(session, account.id, first, "All of them.", actor=OPERATOR)
        merge(session, account.id, first, second, actor=OPERATOR)
        merge(session, account.id, second, third, actor=OPERATOR)

        found = thread_view(session, third, with_notes=False)

        assert [one.words for one in found.said] == ["Wet.", "Torn.", "All of them."]
        assert [[row.filename for row in one.files] for one in found.said] == [["Wet.txt"], ["Torn.txt"], []]
        assert [row.filename for row in found.files] == ["Late.txt"]
        assert str(found.said[0].title).endswith("which goes on here")


def test_what_we_file_about_a_dispute_stands_in_a_message_of_ours(db: Database, clock: MovableClock) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        photo = (taken_in(store, b"wet", "wet.txt"),)
        complaint = Complaint(Reason.DAMAGED, "Two boxes came wet.", files=photo)
        dispute = raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)
    clock.advance(minutes=5)
    with db.transaction() as session:
        for name, category in (("ours.txt", Category.EVIDENCE), ("order.txt", Category.PURCHASE_ORDER)):
            papers = [taken_in(store, name.encode(), name)]
            file_papers(session, account.id, papers, category=category, about=("dispute", dispute.id), actor=OPERATOR)

        found = thread_view(session, dispute.id, with_notes=False)

        [added] = found.said
        assert (added.from_us, added.text) == (True, FILED_WORDS)
        assert [row.filename for row in added.files] == ["ours.txt", "order.txt"]
        assert [row.filename for row in found.files] == ["wet.txt"]
