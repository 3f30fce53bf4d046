"""Escalating: somebody is asked once, when the sequence is through, and not about what is held or paid."""

from __future__ import annotations

from msgspec.structs import replace

from domain.accounts.model import LegalForm
from domain.dunning.approving import approve
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.tasks.model import TaskKind
from tests.domain.dunning.test_stepping import owing
from tests.domain.promises.test_judging import waiting_tasks
from tests.support.disputing import contest
from tests.support.promising import promised
from tests.support.reminding import a_sequence, days_pass, notices, reminded

STEPS = [
    DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.FINAL_NOTICE, act_days=5),
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


def test_the_days_that_a_final_notice_gives_are_waited_for(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, STEPS, escalate_day=20)
        owing(session, 7, legal_form=LegalForm.NATURAL_PERSON)
    reminded(db)
    days_pass(db, clock, 7)

    turns = days_pass(db, clock, 31)

    assert [turn.escalated for turn in turns] == [0] * 30 + [1]


def test_a_last_notice_that_waits_for_approval_is_waited_for(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [replace(STEPS[1], approve=True)], escalate_day=20)
        owing(session, 14)
    reminded(db)
    waiting = days_pass(db, clock, 10)

    with db.transaction() as session:
        approve(session, notices(session)[0].id, actor=Actor.staff(7))
    turns = days_pass(db, clock, 6)

    assert sum(turn.escalated for turn in waiting) == 0
    assert [turn.escalated for turn in turns] == [0] * 5 + [1]
