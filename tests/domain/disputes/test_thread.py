"""The files of a dispute as its customer sees them: only what they may open."""

from __future__ import annotations

from domain.disputes import thread
from domain.documents.model import Category
from domain.processing.filing_papers import file_papers
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.disputing import a_dispute
from tests.support.files import taken_in
from tests.support.outside import MemoryStore


def test_a_customer_reads_no_names_of_papers_that_they_may_not_open(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)
        for name, category in (("letter.txt", Category.CORRESPONDENCE), ("proof.txt", Category.PROOF_OF_DELIVERY)):
            papers = [taken_in(store, name.encode(), name)]
            file_papers(session, account.id, papers, category=category, about=("dispute", dispute.id), actor=OPERATOR)

        of_staff, of_customer = (
            [row.filename for row in thread.files(session, dispute.id, with_notes=all_of_it)["dispute", dispute.id]]
            for all_of_it in (True, False)
        )

        assert of_staff == ["letter.txt", "proof.txt"]
        assert of_customer == ["proof.txt"]
