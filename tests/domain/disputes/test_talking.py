"""The thread of a dispute: who writes, whose turn it is, and what silence does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.disputes import changing, thread
from domain.disputes.checks import check_disputes
from domain.disputes.model import Dispute, DisputeStatus, MessageKind, Outcome
from domain.disputes.owning import assign
from domain.disputes.resolving import reject
from domain.disputes.silence import close, remind, to_close, to_remind
from domain.disputes.talking import answer, ask, note_down, write_to_us
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock, end_of_day
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from domain.staff.model import Role
from domain.tasks.model import Task
from tests.support.disputing import a_dispute, a_member, disputed


def open_tasks(session: Session) -> list[Task]:
    session.expire_all()
    return [task for task in session.query(Task).order_by(Task.id) if task.done_at is None]


def said(session: Session, dispute: Dispute, *, with_notes: bool) -> list[tuple[MessageKind, str]]:
    return [(row.kind, row.words) for row in thread.thread(session, dispute.id, with_notes=with_notes)]


def test_a_thread_is_read_by_both_and_a_note_only_by_staff(db: Database) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)

        write_to_us(session, account.id, dispute.id, " And the third box. ", actor=OPERATOR)
        note_down(session, account.id, dispute.id, "The driver is new.", actor=OPERATOR)
        answer(session, account.id, dispute.id, "We look into it.", actor=OPERATOR)

        assert said(session, dispute, with_notes=False) == [
            (MessageKind.WORDS, "And the third box."),
            (MessageKind.WORDS, "We look into it."),
        ]
        assert (MessageKind.NOTE, "The driver is new.") in said(session, dispute, with_notes=True)
        assert dispute.status is DisputeStatus.UNDER_REVIEW
        assert changing.handling_of(session, dispute).answered_at is not None


def test_a_question_waits_for_the_customer_and_their_word_brings_it_back(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session)

        ask(session, account.id, dispute.id, "Which boxes?", actor=OPERATOR)
        waits, rests = dispute.status, open_tasks(session)
        write_to_us(session, account.id, dispute.id, "The two small ones.", actor=OPERATOR)

        assert (waits, rests) == (DisputeStatus.AWAITING_CUSTOMER, [])
        assert dispute.status is DisputeStatus.UNDER_REVIEW
        assert changing.handling_of(session, dispute).silent_on is None
        assert len(open_tasks(session)) == 1
        assert disputed(session, account, invoice) == 12000


def test_silence_is_reminded_of_once_and_then_closes_it(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session)
        ask(session, account.id, dispute.id, "Which boxes?", actor=OPERATOR)
    clock.advance(days=6)
    with db.transaction() as session:
        assert to_remind(session) == []
    clock.advance(days=1)
    with db.transaction() as session:
        assert to_remind(session) == [dispute.id]
        assert (remind(session, dispute.id), remind(session, dispute.id)) == (True, False)
        assert to_remind(session) == []
    clock.advance(days=7)
    with db.transaction() as session:
        assert to_close(session) == []
        assert not close(session, dispute.id, actor=WORKER)
    clock.advance(days=1)

    with db.transaction() as session:
        assert to_close(session) == [dispute.id]
        assert close(session, dispute.id, actor=WORKER)

        ended = session.get_one(Dispute, dispute.id)
        assert (ended.outcome, ended.answer) == (Outcome.UNANSWERED, None)
        assert disputed(session, account, invoice) == 0
        assert to_close(session) == []
        assert list(check_disputes(session)) == []


def test_nothing_is_written_without_words_or_once_it_has_ended(db: Database) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)

        with pytest.raises(Invalid) as wordless:
            write_to_us(session, account.id, dispute.id, "  ", actor=OPERATOR)
        reject(session, account.id, dispute.id, answer="Signed for.", actor=OPERATOR)
        with pytest.raises(Conflict):
            answer(session, account.id, dispute.id, "One more thing.", actor=OPERATOR)
        note_down(session, account.id, dispute.id, "For the file.", actor=OPERATOR)

        assert wordless.value.field == "words"
        assert said(session, dispute, with_notes=False) == [(MessageKind.DECISION, "Signed for.")]


def test_whoever_handles_it_has_its_task(db: Database) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)
        handler, auditor = a_member(session, Role.DISPUTE_HANDLER), a_member(session, Role.AUDITOR)

        assign(session, account.id, dispute.id, handler.id, actor=OPERATOR)
        with pytest.raises(Invalid):
            assign(session, account.id, dispute.id, auditor.id, actor=OPERATOR)

        assert [task.owner_id for task in open_tasks(session)] == [handler.id]


def test_the_last_day_ends_where_the_customer_is(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)
        account.time_zone = "America/Los_Angeles"
        ask(session, account.id, dispute.id, "Which boxes?", actor=OPERATOR)
        last_day = changing.handling_of(session, dispute).silent_on
        assert last_day is not None
        id_ = dispute.id
    clock.move_to(end_of_day(last_day, "America/Los_Angeles") - timedelta(minutes=1))
    with db.transaction() as session:
        before = to_close(session), close(session, id_, actor=WORKER)
    clock.advance(minutes=1)

    with db.transaction() as session:
        assert before == ([], False)
        assert (to_close(session), close(session, id_, actor=WORKER)) == ([id_], True)
