"""Disputes about a missing paper answer themselves once it is filed; how each reason is routed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.storage.disk import DiskStore
from domain.disputes.answering import answer_with_paper, to_answer
from domain.disputes.changing import handling_of
from domain.disputes.model import Dispute, DisputeStatus, Outcome
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import REASON_GROUPS, Reason
from domain.disputes.routes import Route, routes, set_route
from domain.disputes.silence import close
from domain.disputes.talking import write_to_us
from domain.documents.filing import enter, file
from domain.documents.model import Category, Document
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice
from tests.support.disputing import a_member
from tests.support.filed import erased
from tests.support.files import taken_in
from tests.support.outside import MemoryStore


def missing(session: Session, reason: Reason) -> tuple[Invoice, Dispute]:
    account = an_account(session)
    invoice = an_invoice(session, account, "120")
    complaint = Complaint(reason, "We cannot pay without it.")
    return invoice, raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)


def filed(session: Session, folder: Path, invoice: Invoice, category: Category) -> None:
    file(
        session,
        DiskStore(folder),
        b"Signed: A. Patel",
        media_type="text/plain",
        category=category,
        filename="proof.txt",
        account_id=invoice.account_id,
        subject=("invoice", invoice.id),
        actor=OPERATOR,
    )


def test_the_paper_answers_and_silence_for_the_days_to_object_ends_it(
    db: Database, clock: MovableClock, tmp_path: Path
) -> None:
    with db.transaction() as session:
        invoice, dispute = missing(session, Reason.MISSING_PROOF)
        filed(session, tmp_path, invoice, Category.PURCHASE_ORDER)
        assert to_answer(session) == []
        filed(session, tmp_path, invoice, Category.PROOF_OF_DELIVERY)
        assert to_answer(session) == [dispute.id]

        assert answer_with_paper(session, dispute.id, actor=WORKER)
        assert not answer_with_paper(session, dispute.id, actor=WORKER)

        assert dispute.status is DisputeStatus.AWAITING_CUSTOMER
    clock.advance(days=15)
    with db.transaction() as session:
        assert close(session, dispute.id, actor=WORKER)

        assert session.get_one(Dispute, dispute.id).outcome is Outcome.ANSWERED


def test_a_paper_that_was_erased_answers_nothing(db: Database, tmp_path: Path) -> None:
    with db.transaction() as session:
        invoice, _ = missing(session, Reason.MISSING_PROOF)
        filed(session, tmp_path, invoice, Category.PROOF_OF_DELIVERY)
        erased(session, session.scalars(select(Document.id)).one())

        assert to_answer(session) == []


def test_a_paper_that_staff_keep_for_themselves_answers_nothing(db: Database) -> None:
    with db.transaction() as session:
        invoice, _ = missing(session, Reason.MISSING_PROOF)
        enter(
            session,
            taken_in(MemoryStore()),
            category=Category.PROOF_OF_DELIVERY,
            account_id=invoice.account_id,
            subject=("invoice", invoice.id),
            actor=OPERATOR,
            for_staff=True,
        )

        assert to_answer(session) == []


def test_an_objection_brings_it_back_and_the_paper_answers_only_once(db: Database, tmp_path: Path) -> None:
    with db.transaction() as session:
        invoice, dispute = missing(session, Reason.MISSING_ORDER)
        filed(session, tmp_path, invoice, Category.PURCHASE_ORDER)
        answer_with_paper(session, dispute.id, actor=WORKER)

        write_to_us(session, dispute.account_id, dispute.id, "That is another order.", actor=OPERATOR)

        assert dispute.status is DisputeStatus.UNDER_REVIEW
        assert to_answer(session) == []


def test_each_reason_has_who_handles_it_and_its_time(db: Database) -> None:
    with db.transaction() as session:
        handler = a_member(session, Role.DISPUTE_HANDLER)
        set_route(session, Reason.TAX, Route(handler.id, 4, 3, 7), actor=OPERATOR)

        _, dispute = missing(session, Reason.TAX)
        _, usual = missing(session, Reason.OTHER)

        mine, theirs = handling_of(session, dispute), handling_of(session, usual)
        assert (mine.owner_id, theirs.owner_id) == (handler.id, None)
        assert mine.answer_by < theirs.answer_by
        assert mine.resolve_by < theirs.resolve_by
        assert routes(session)[Reason.TAX] == Route(handler.id, 4, 3, 7)


@pytest.mark.parametrize("field", ["answer_hours", "resolve_days", "silent_days"])
def test_a_time_that_is_none_is_refused(db: Database, field: str) -> None:
    with db.transaction() as session, pytest.raises(Invalid) as refused:
        set_route(session, Reason.TAX, Route(**{field: 0}), actor=OPERATOR)

    assert refused.value.field == field


def test_every_reason_stands_in_one_group() -> None:
    assert sorted(reason for _, reasons in REASON_GROUPS for reason in reasons) == sorted(Reason)
