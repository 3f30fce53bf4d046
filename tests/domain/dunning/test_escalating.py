"""Escalating: somebody is asked once, when the sequence is through, and not about what is held or paid."""

from __future__ import annotations

from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.tasks.model import TaskKind
from tests.domain.dunning.test_stepping import owing
from tests.domain.promises.test_judging import waiting_tasks
from tests.support.disputing import contest
from tests.support.promising import promised
from tests.support.reminding import a_sequence, days_pass, reminded

STEPS = [
    DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.FINAL_NOTICE),
]


def test_somebody_is_asked_once_on_the_day(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, STEPS, escalate_day=20)
        owing(session, 7, 7)
    reminded(db)

    turns = days_pass(db, clock, 15)

    assert [turn.escalated for turn in turns] == [0] * 12 + [1, 0, 0]
    with db.reading() as session:
        assert waiting_tasks(session) == [(TaskKind.ESCALATION, 24000)]


def test_what_is_disputed_waits_and_what_is_not_does_not(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, STEPS, escalate_day=20)
        account, (late, other) = owing(session, 7, 7)
    reminded(db)
    days_pass(db, clock, 8)
    with db.transaction() as session:
        contest(session, account, late)
        contest(session, account, other, "20")

    turns = days_pass(db, clock, 10)

    assert sum(turn.escalated for turn in turns) == 1
    with db.reading() as session:
        escalations = [worth for kind, worth in waiting_tasks(session) if kind is TaskKind.ESCALATION]
        assert escalations == [10000]


def test_a_promise_holds_it_too(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, STEPS, escalate_day=20)
        account, (late,) = owing(session, 7)
    reminded(db)
    days_pass(db, clock, 8)
    with db.transaction() as session:
        promised(session, account, late, days=14)

    turns = days_pass(db, clock, 10)

    assert sum(turn.escalated for turn in turns) == 0


def test_without_a_day_nobody_is_asked(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, STEPS, escalate_day=None)
        owing(session, 7)
    reminded(db)

    assert sum(turn.escalated for turn in days_pass(db, clock, 20)) == 0
