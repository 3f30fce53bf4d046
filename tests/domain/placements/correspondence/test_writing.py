"""Writing: what a partner did and what it asks stand once on the account; an answer settles the task and is mailed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.model import AuditEntry
from domain.outbox.model import OutboxMessage
from domain.placements import ending
from domain.placements.correspondence import reading, writing
from domain.placements.correspondence.model import NoteKind
from domain.placements.model import Placement
from domain.reporting.acts import ACT_WORDS
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.tasks.model import TaskKind
from tests.support.placing import a_late_debt, a_partner, placed, proposed
from tests.support.tasks import open_tasks

ANA = Actor.partner(7, "192.0.2.1")


def with_partner(session: Session) -> Placement:
    """A debt that a partner has taken."""
    return placed(session, a_late_debt(session)[0], a_partner(session))


def to_answer(session: Session) -> list[str]:
    """The subjects of the open tasks to answer a partner."""
    found = open_tasks(session)
    return [task.subject_id for task in found if task.kind is TaskKind.PARTNER_QUESTION]


def acts(session: Session, placement: Placement) -> list[str]:
    """What the account's timeline says of the correspondence."""
    rows = session.scalars(select(AuditEntry.act).where(AuditEntry.account_id == placement.account_id))
    return [act for act in rows if act in ("placement.activity", "placement.asked", "placement.answered")]


def test_what_was_done_stands_once_however_often_it_is_told(db: Database) -> None:
    with db.transaction() as session:
        made, day = with_partner(session), today(session)
        first = writing.tell_activity(session, made.account_id, made.id, "Called them.", happened_on=day, actor=ANA)
        again = writing.tell_activity(session, made.account_id, made.id, " Called them. ", happened_on=day, actor=ANA)
        later = writing.tell_activity(
            session, made.account_id, made.id, "Called them.", happened_on=day + timedelta(days=1), actor=ANA
        )

        assert (first.id == again.id, first.id == later.id) == (True, False)
        assert (first.actor_kind, first.actor_id) == ("partner", 7)
        assert acts(session, made) == ["placement.activity"] * 2
        assert set(acts(session, made)) <= set(ACT_WORDS)
        assert to_answer(session) == []


def test_a_question_waits_for_staff_until_the_last_is_answered_and_the_partner_is_told(db: Database) -> None:
    with db.transaction() as session:
        made, day = with_partner(session), today(session)
        first = writing.ask(session, made.account_id, made.id, "Was it broken?", happened_on=day, actor=ANA)
        writing.ask(session, made.account_id, made.id, "Was it broken?", happened_on=day, actor=ANA)
        second = writing.ask(session, made.account_id, made.id, "Who ordered?", happened_on=day, actor=ANA)
        asked = to_answer(session)

        writing.answer(session, made.account_id, made.id, second.id, "Ana Ruiz.", actor=OPERATOR)
        between = (to_answer(session), [row.id for row in reading.open_questions(session, made.id)])
        said = writing.answer(session, made.account_id, made.id, first.id, "No.", actor=OPERATOR)
        writing.answer(session, made.account_id, made.id, first.id, "The pictures show it.", actor=OPERATOR)

        told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "tell_partner")).all()
        answers = [row.payload["note_id"] for row in told if row.payload["news"] == "answered"]
        assert asked == [str(made.id)]
        assert between == ([str(made.id)], [first.id])
        assert (to_answer(session), len(answers), answers[1]) == ([], 3, said.id)
        assert reading.exchange(session, said.id) == ("Was it broken?", "No.")
        assert acts(session, made) == ["placement.asked"] * 2 + ["placement.answered"] * 3


def test_what_was_written_is_shown_newest_first_with_its_answers(db: Database) -> None:
    with db.transaction() as session:
        made, day = with_partner(session), today(session)
        question = writing.ask(session, made.account_id, made.id, "Why?", happened_on=day, actor=ANA)
        writing.tell_activity(session, made.account_id, made.id, "Letter.", happened_on=day, actor=ANA)
        writing.answer(session, made.account_id, made.id, question.id, "So.", actor=OPERATOR)

        found = reading.correspondence(session, made.id)

        assert [(each.note.words, [one.words for one in each.answers]) for each in found] == [
            ("Letter.", []),
            ("Why?", ["So."]),
        ]
        assert [each.is_waiting for each in found] == [False, False]


def test_after_it_has_ended_there_is_still_something_to_say(db: Database) -> None:
    with db.transaction() as session:
        made = with_partner(session)
        ending.recall(session, made.account_id, made.id, why="Back.", actor=OPERATOR)

        asked = writing.ask(session, made.account_id, made.id, "Why?", happened_on=today(session), actor=ANA)

        assert asked.kind is NoteKind.QUESTION


@pytest.mark.parametrize(
    ("words", "days", "field"),
    [
        (" ", 0, "words"),
        ("x" * 2_001, 0, "words"),
        ("Called.", 2, "happened_on"),
        ("Called.", -2, "happened_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(db: Database, words: str, days: int, field: str) -> None:
    with db.transaction() as session:
        made = with_partner(session)
        on = today(session) + timedelta(days=days)

        with pytest.raises(Invalid) as refused:
            writing.tell_activity(session, made.account_id, made.id, words, happened_on=on, actor=ANA)

        assert refused.value.field == field


def test_nothing_is_written_of_what_is_not_the_partner_s_or_no_question(db: Database) -> None:
    with db.transaction() as session:
        made, day = with_partner(session), today(session)
        account, _ = a_late_debt(session)
        not_sent = proposed(session, account, a_partner(session))
        other = with_partner(session)
        done = writing.tell_activity(session, made.account_id, made.id, "Called.", happened_on=day, actor=ANA)
        question = writing.ask(session, other.account_id, other.id, "Why?", happened_on=day, actor=ANA)

        with pytest.raises(Conflict):
            writing.ask(session, account.id, not_sent.id, "Why?", happened_on=day, actor=ANA)
        with pytest.raises(NotFound):
            writing.ask(session, account.id, made.id, "Why?", happened_on=day, actor=ANA)
        for wrong in (done.id, question.id, 0):
            with pytest.raises(NotFound):
                writing.answer(session, made.account_id, made.id, wrong, "So.", actor=OPERATOR)
