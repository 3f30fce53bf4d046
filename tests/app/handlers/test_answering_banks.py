"""An answer on its way to the processor: handed in once, whatever is cut, and followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pytest
from sqlalchemy import select

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import outbox
from app.wired import Wired
from domain.chargebacks import answering, handing_in
from domain.chargebacks.answering import Content
from domain.chargebacks.model import AnswerState, ChargebackAnswer
from domain.chargebacks.states import ChargebackState
from domain.documents import filing
from domain.documents.model import Category
from domain.shared.clock import MovableClock
from domain.shared.errors import Conflict
from domain.shared.retrying import MOST_ATTEMPTS, rest
from domain.tasks.model import Task, TaskKind
from tests.app.handlers.test_contesting import STAFF, assert_books_agree, chargeback, hear, paid
from tests.support.paying import Debt, open_minor
from tests.support.pdfs import a_pdf

__all__ = ["paid"]
Deliver = Callable[[bytes, Mapping[str, str]], int]
Paid = tuple[Debt, str]


@pytest.fixture
def contested(wired: Wired, simulator: Simulator, deliver: Deliver, paid: Paid) -> str:
    """A chargeback that waits for an answer: the processor's name for it."""
    ref: str = simulator.dispute(paid[1])["id"]
    hear(wired, simulator, deliver)
    return ref


def answer(wired: Wired) -> ChargebackAnswer:
    """The answer as it stands."""
    with wired.database.reading() as session:
        return session.scalars(select(ChargebackAnswer)).one()


def say(wired: Wired, ref: str, words: str, account_id: int, *papers: str) -> None:
    """Staff answer with these words and two papers for one field, and have it handed in."""
    with wired.database.transaction() as session:
        documents = [
            filing.file(
                session,
                wired.store,
                a_pdf([paper]),
                media_type="application/pdf",
                category=Category.PROOF_OF_DELIVERY,
                filename=f"{paper}.pdf",
                account_id=account_id,
                subject=("account", account_id),
                actor=STAFF,
            ).id
            for paper in papers
        ]
        files = {"shipping_documentation": documents} if documents else {}
        content = Content({"uncategorized_text": words}, files)
        draft = answering.begin(session, ref, content, actor=STAFF)
        answering.submit(session, ref, version=draft.version, actor=STAFF)


def handed_in(simulator: Simulator, ref: str) -> dict[str, Any]:
    """What the processor has of the evidence."""
    dispute = simulator.world.find("dispute", ref)
    assert dispute["evidence_details"]["submission_count"] <= 1
    return {name: value for name, value in dispute["evidence"].items() if isinstance(value, str)}


@pytest.mark.parametrize(
    ("words", "ends", "opened"),
    [("winning_evidence", ChargebackState.WON, 0), ("losing_evidence", ChargebackState.LOST, 12000)],
)
def test_it_is_handed_in_with_its_files_and_the_bank_decides(
    wired: Wired,
    simulator: Simulator,
    deliver: Deliver,
    paid: Paid,
    contested: str,
    words: str,
    ends: ChargebackState,
    opened: int,
) -> None:
    debt = paid[0]
    say(wired, contested, words, debt.account_id, "note one", "note two")

    outbox.handle_due(wired)
    meanwhile = chargeback(wired).state
    simulator.advance(minutes=2)
    hear(wired, simulator, deliver)

    evidence = handed_in(simulator, contested)
    assert evidence["uncategorized_text"] == words
    assert simulator.world.find("file", evidence["shipping_documentation"])["type"] == "pdf"
    assert meanwhile is ChargebackState.UNDER_REVIEW
    assert (answer(wired).state, chargeback(wired).state) == (AnswerState.SUBMITTED, ends)
    assert open_minor(wired.database, debt.invoices[0]) == opened
    assert_books_agree(wired, simulator)


@pytest.mark.parametrize("kind", ["cut", "answer"])
@pytest.mark.parametrize("path", ["/v1/disputes/*", "/v1/files"])
def test_a_lost_answer_is_looked_for_and_nothing_is_handed_in_twice(
    wired: Wired,
    simulator: Simulator,
    clock: MovableClock,
    paid: Paid,
    contested: str,
    kind: Literal["cut", "answer"],
    path: str,
) -> None:
    say(wired, contested, "It was sent.", paid[0].account_id, "note")
    simulator.order_fault(Fault(kind, "POST", path, times=3))

    outbox.handle_due(wired)
    unknown = answer(wired).state
    for _ in range(3):
        clock.advance(hours=1)
        outbox.handle_due(wired)

    assert unknown is AnswerState.SENDING
    assert answer(wired).state is AnswerState.SUBMITTED
    assert handed_in(simulator, contested)["uncategorized_text"] == "It was sent."


def test_what_the_processor_refuses_is_open_again_with_a_task(
    wired: Wired, simulator: Simulator, paid: Paid, contested: str
) -> None:
    with wired.database.transaction() as session:
        large = filing.file(
            session,
            wired.store,
            b"\x89PNG\r\n\x1a\n" + bytes(5_300_000),
            media_type="image/png",
            category=Category.EVIDENCE,
            filename="much.png",
            account_id=paid[0].account_id,
            subject=("account", paid[0].account_id),
            actor=STAFF,
        )
        content = Content({}, {"uncategorized_file": [large.id]})
        answering.begin(session, contested, content, actor=STAFF)
        answering.submit(session, contested, version=1, actor=STAFF)

    outbox.handle_due(wired)

    assert answer(wired).state is AnswerState.REFUSED
    assert handed_in(simulator, contested) == {}
    with wired.database.reading() as session:
        tasks = set(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))
    assert tasks == {TaskKind.CHARGEBACK, TaskKind.CHARGEBACK_NOT_ANSWERED}


def test_what_somebody_answered_in_the_processors_pages_is_not_ours(
    wired: Wired, simulator: Simulator, paid: Paid, contested: str
) -> None:
    say(wired, contested, "It was sent.", paid[0].account_id)
    wired.processor.answer_chargeback(contested, {"uncategorized_text": "Theirs."}, answer="another", key="theirs")

    outbox.handle_due(wired)

    assert (answer(wired).state, chargeback(wired).state) == (AnswerState.REFUSED, ChargebackState.UNDER_REVIEW)
    assert handed_in(simulator, contested)["uncategorized_text"] == "Theirs."


def test_a_file_that_is_gone_leaves_the_answer_to_be_mended(
    wired: Wired, simulator: Simulator, paid: Paid, contested: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(wired, contested, "It was sent.", paid[0].account_id, "note")

    def gone(_: str) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(wired.store, "open", gone)
    outbox.handle_due(wired)

    assert answer(wired).state is AnswerState.REFUSED
    assert handed_in(simulator, contested) == {}


def test_an_answer_that_is_given_up_is_tried_again_on_somebodys_word(
    wired: Wired, simulator: Simulator, clock: MovableClock, paid: Paid, contested: str
) -> None:
    say(wired, contested, "It was sent.", paid[0].account_id)
    simulator.order_fault(Fault("cut", "GET", "/v1/disputes/*", times=3 * MOST_ATTEMPTS))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        outbox.handle_due(wired)
        clock.advance(seconds=rest(attempt).total_seconds())

    with wired.database.reading() as session:
        stranded = handing_in.stranded(session, contested)
        asked = session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all()
    with wired.database.transaction() as session:
        handing_in.try_again(session, contested, actor=STAFF)
    outbox.handle_due(wired)

    assert stranded is not None
    assert TaskKind.CHARGEBACK_NOT_ANSWERED in asked
    assert TaskKind.WORK_FAILED not in asked
    assert answer(wired).state is AnswerState.SUBMITTED
    with pytest.raises(Conflict, match="not been given up"), wired.database.transaction() as session:
        handing_in.try_again(session, contested, actor=STAFF)
