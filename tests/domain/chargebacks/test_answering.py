"""An answer to a bank is worked on by several, decided on once, and open again where it was not taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.chargebacks import answering, answers, handing_in
from domain.chargebacks.accepting import accept
from domain.chargebacks.answering import Content
from domain.chargebacks.model import AnswerState, Chargeback, ChargebackAnswer
from domain.documents.model import Misfiling
from domain.outbox.model import OutboxMessage
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, Invalid
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.contesting import a_chargeback, a_paid_debt, contest, open_tasks, reconcile
from tests.support.filed import file
from tests.support.outside import MemoryStore

ANA, BEN = Actor.staff(1), Actor.staff(2)
SENT = {"uncategorized_text": "It was sent."}


def begun(db: Database, **texts: str) -> ChargebackAnswer:
    """A draft with these texts."""
    with db.transaction() as session:
        return answering.begin(session, "du_1", Content(texts, {}), actor=ANA)


def submitted(db: Database) -> ChargebackAnswer:
    """An answer that the worker is to hand in."""
    begun(db, **SENT)
    with db.transaction() as session:
        return answering.submit(session, "du_1", version=1, actor=ANA)


def messages(db: Database) -> list[object]:
    """The chargebacks of which the worker is to hand in the answer."""
    with db.reading() as session:
        wanted = select(OutboxMessage.payload).where(OutboxMessage.kind == "answer_chargeback")
        return [payload["chargeback_ref"] for payload in session.scalars(wanted)]


def now_is(db: Database) -> ChargebackAnswer:
    """The answer as it stands."""
    with db.reading() as session:
        return session.scalars(select(ChargebackAnswer).order_by(ChargebackAnswer.id.desc()).limit(1)).one()


def test_a_colleagues_change_is_not_overwritten(db: Database) -> None:
    contest(db, "needs_response", "120")
    begun(db, **SENT)

    with db.transaction() as session:
        answering.edit(session, "du_1", Content({"customer_name": " Ana\r\nLima "}, {}), version=1, actor=BEN)
    with pytest.raises(Conflict, match="colleague"), db.transaction() as session:
        answering.edit(session, "du_1", Content(SENT, {}), version=1, actor=ANA)

    answer = now_is(db)
    assert (answer.version, answer.texts, answer.edited_by) == (2, {"customer_name": "Ana\nLima"}, BEN.id)


def test_what_did_not_change_is_no_new_version(db: Database) -> None:
    contest(db, "needs_response", "120")
    begun(db, **SENT)

    with db.transaction() as session:
        answering.edit(session, "du_1", Content(SENT | {"customer_name": "  "}, {}), version=1, actor=BEN)

    assert (now_is(db).version, now_is(db).edited_by) == (1, ANA.id)


def test_it_is_handed_in_once_and_then_nobody_changes_it(db: Database) -> None:
    contest(db, "needs_response", "120")
    submitted(db)

    with pytest.raises(Conflict, match="handed in"), db.transaction() as session:
        answering.submit(session, "du_1", version=1, actor=BEN)
    with pytest.raises(Conflict, match="handed in"), db.transaction() as session:
        answering.begin(session, "du_1", Content({}, {}), actor=BEN)
    with pytest.raises(Conflict, match="on its way"), db.transaction() as session:
        accept(session, "du_1", actor=BEN)

    assert messages(db) == ["du_1"]


def test_nothing_at_all_is_no_answer(db: Database) -> None:
    contest(db, "needs_response", "120")
    begun(db)

    with pytest.raises(Invalid), db.transaction() as session:
        answering.submit(session, "du_1", version=1, actor=ANA)

    assert messages(db) == []


@pytest.mark.parametrize("state", ["under_review", "won", "lost", "prevented", "warning_under_review"])
def test_only_while_the_bank_waits_it_can_be_answered(db: Database, state: str) -> None:
    contest(db, state, "120")

    with pytest.raises(Conflict), db.transaction() as session:
        answering.begin(session, "du_1", Content(SENT, {}), actor=ANA)


def test_after_the_deadline_or_a_yes_it_is_too_late(db: Database, clock: MovableClock) -> None:
    contest(db, "needs_response", "120")
    contest(db, "needs_response", "50", name="du_2")
    begun(db, **SENT)
    with db.transaction() as session:
        accept(session, "du_2", actor=ANA)
    clock.advance(days=10)

    for ref in ("du_1", "du_2"):
        with pytest.raises(Conflict), db.transaction() as session:
            answering.submit(session, ref, version=1, actor=ANA)


def test_what_the_bank_does_not_take_can_be_mended_and_handed_in_again(db: Database) -> None:
    contest(db, "needs_response", "120")
    submitted(db)

    with db.transaction() as session:
        handing_in.refuse(session, "du_1", "Too large.")
    asked, refused = open_tasks(db), now_is(db)
    with db.transaction() as session:
        answering.submit(session, "du_1", version=1, actor=ANA)

    assert (refused.state, refused.refusal, refused.attempt) == (AnswerState.REFUSED, "Too large.", 2)
    assert asked - open_tasks(db) == {TaskKind.CHARGEBACK_NOT_ANSWERED}
    assert now_is(db).state is AnswerState.SENDING


@pytest.mark.parametrize(("mark", "ends"), [("ours", AnswerState.SUBMITTED), ("theirs", AnswerState.REFUSED)])
def test_only_what_bears_our_mark_was_handed_in_by_us(db: Database, mark: str, ends: AnswerState) -> None:
    contest(db, "needs_response", "120")
    answer = submitted(db)
    with db.reading() as session:
        seen = a_chargeback("under_review", money("120"), now(session))
    seen = replace(seen, is_answered=True, answer=answer.mark if mark == "ours" else None, can_answer=False)

    contest(db, "under_review", "120")
    with db.transaction() as session:
        handing_in.conclude(session, "du_1", seen)
        handing_in.conclude(session, "du_1", seen)

    assert now_is(db).state is ends
    assert TaskKind.CHARGEBACK_NOT_ANSWERED not in open_tasks(db)


def test_an_inquiry_that_becomes_a_chargeback_is_answered_anew(db: Database) -> None:
    contest(db, "warning_needs_response", "120")
    answer = submitted(db)
    with db.reading() as session:
        seen = a_chargeback("warning_under_review", money("120"), now(session))
    seen = replace(seen, is_answered=True, answer=answer.mark)
    reconcile(db, seen)
    with db.transaction() as session:
        handing_in.conclude(session, "du_1", seen)

    contest(db, "needs_response", "120")
    with db.transaction() as session:
        second = answering.begin(session, "du_1", Content(SENT, {}), actor=ANA)
        case = session.scalars(select(Chargeback)).one()
        current = answers.answer_of(session, case.id)

    assert (answer.number, second.number) == (1, 2)
    assert current is not None
    assert current.id == second.id


def test_only_files_of_this_customer_go_to_the_bank(db: Database) -> None:
    store = MemoryStore()
    debt, _ = a_paid_debt(db, "120")
    other, _ = a_paid_debt(db, "10", intent_id="pi_2")
    contest(db, "needs_response", "120")
    ours, theirs = file(db, store, debt.account_id), file(db, store, other.account_id, b"%PDF-1.7 other")

    with db.transaction() as session:
        answering.begin(session, "du_1", Content({}, {"receipt": [ours.id, ours.id]}), actor=ANA)
    for wrong in ({"receipt": [theirs.id]}, {"customer_name": [ours.id]}, {"invented": [ours.id]}):
        with pytest.raises(Invalid), db.transaction() as session:
            answering.edit(session, "du_1", Content({}, wrong), version=1, actor=ANA)

    assert now_is(db).files == {"receipt": [ours.id]}


def test_what_turned_out_to_be_anothers_does_not_go_to_the_bank(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    paper = file(db, MemoryStore(), debt.account_id)
    with db.transaction() as session:
        answering.begin(session, "du_1", Content(SENT, {"receipt": [paper.id]}), actor=ANA)
    with db.transaction() as session:
        session.add(Misfiling(document_id=paper.id))

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        answering.submit(session, "du_1", version=1, actor=ANA)

    assert refused.value.field == "receipt"
    assert messages(db) == []
    with db.transaction() as session:
        answering.edit(session, "du_1", Content(SENT, {}), version=1, actor=ANA)
        answering.submit(session, "du_1", version=2, actor=ANA)
    assert messages(db) == ["du_1"]
