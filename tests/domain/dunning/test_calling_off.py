"""Calling off: a step whose notice did not go after all comes again, from where the sequence was before."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning.approving import approve
from domain.dunning.calling_off import call_off
from domain.dunning.last_look import last_look
from domain.dunning.model import DunningStage
from domain.dunning.pausing import pause, resume
from domain.notices import changing
from domain.notices.model import HeldBack, Notice, NoticeStatus
from domain.notices.reach import addresses, tracing
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks.model import TaskKind
from tests.domain.dunning.test_stepping import EMAIL, owing
from tests.domain.promises.test_judging import waiting_tasks
from tests.support.builders import a_receipt, money
from tests.support.reminding import a_sequence, days_pass, notices, reminded, said

STAFF = Actor.staff(7)
FIRST = DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER)
FINAL = DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.FINAL_NOTICE, approve=True)


def last(session: Session) -> Notice:
    """The notice that was decided on last."""
    return notices(session)[-1]


def test_what_was_held_while_it_waited_for_approval_comes_again(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [FIRST, FINAL])
        account, (late,) = owing(session, 7)
    reminded(db)
    days_pass(db, clock, 7)
    with db.transaction() as session:
        stops.write(session, account.id, StopKind.DISPUTE, "test", actor=OPERATOR)
        approve(session, last(session).id, actor=STAFF)
        stage = session.get_one(DunningStage, late.id)
        assert (stage.day, stage.reached_on) == (7, notices(session)[0].decided_on)
        stops.lift(session, StopKind.DISPUTE, "test", actor=OPERATOR)

    turns = [reminded(db), *days_pass(db, clock, 2)]

    assert [turn.notices for turn in turns] == [0, 1, 0]
    with db.reading() as session:
        assert said(session) == [
            ("first_reminder", "ready", None),
            ("final_notice", "suppressed", "disputed"),
            ("final_notice", "waiting", None),
        ]


def test_a_first_step_that_did_not_go_was_never_taken(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [FIRST, FINAL])
        _, (late,) = owing(session, 7)
    reminded(db)

    with db.transaction() as session:
        call_off(session, last(session), HeldBack.PAYING, actor=WORKER)
        assert session.get_one(DunningStage, late.id).day is None
    days_pass(db, clock, 1)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "paying"), ("first_reminder", "ready", None)]


def test_the_sequence_stays_where_another_step_was_taken_since(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [FIRST, FINAL])
        _, (late,) = owing(session, 7)
    reminded(db)
    days_pass(db, clock, 7)

    with db.transaction() as session:
        call_off(session, notices(session)[0], HeldBack.PAYING, actor=WORKER)

        assert session.get_one(DunningStage, late.id).day == 14


def test_what_was_decided_before_a_pause_does_not_go_during_it_and_comes_after_it(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        a_sequence(session, [FIRST, FINAL])
        account, _ = owing(session, 7)
    reminded(db)
    with db.transaction() as session:
        pause(session, why="A text is wrong", until_on=None, actor=STAFF)
        look = last_look(session, account, last(session))
        assert look.why is HeldBack.PAUSED
        call_off(session, last(session), look.why, actor=WORKER)
    held = days_pass(db, clock, 2)

    with db.transaction() as session:
        resume(session, actor=STAFF)
    reminded(db)

    assert [turn.notices for turn in held] == [0, 0]
    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "paused"), ("first_reminder", "ready", None)]


def test_where_no_address_is_left_somebody_is_asked_to_find_one_the_next_day(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [FIRST, FINAL])
        account, _ = owing(session, 7)
    reminded(db)
    with db.transaction() as session:
        addresses.note(session, Channel.EMAIL, EMAIL, AddressKind.BOUNCED, how="test", actor=OPERATOR)
        look = last_look(session, account, last(session))
        assert look.why is HeldBack.NO_ADDRESS
        call_off(session, last(session), look.why, actor=WORKER)

    days_pass(db, clock, 2)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "no_address")] * 2
        assert waiting_tasks(session) == [(TaskKind.TRACE, 12000)]


CALL = DunningStep(day=7, channel=Channel.CALL, wording=Wording.FIRST_REMINDER)


@pytest.mark.parametrize("step", [CALL, msgspec.structs.replace(FIRST, approve=True)])
def test_what_waits_for_somebody_is_called_off_with_its_task_once_it_is_paid(
    db: Database, clock: MovableClock, step: DunningStep
) -> None:
    with db.transaction() as session:
        a_sequence(session, [step])
        account, (late,) = owing(session, 7, phone="+441632960001")
    reminded(db)
    with db.reading() as session:
        assert len(waiting_tasks(session)) == 1
    with db.transaction() as session:
        a_receipt(session, account, "20", today(session), late)
    still_open = reminded(db)

    with db.transaction() as session:
        a_receipt(session, account, "100", today(session), late)
    turns = [reminded(db), reminded(db)]

    assert [turn.held_back for turn in (still_open, *turns)] == [0, 1, 0]
    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "paid")]
        assert waiting_tasks(session) == []


def test_a_call_about_what_is_held_is_called_off_and_is_due_again_where_the_hold_ends(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        a_sequence(session, [CALL])
        account, _ = owing(session, 7, phone="+441632960001")
    reminded(db)
    with db.transaction() as session:
        stops.write(session, account.id, StopKind.DISPUTE, "test", actor=OPERATOR)
    days_pass(db, clock, 2)
    with db.reading() as session:
        assert waiting_tasks(session) == []

    with db.transaction() as session:
        stops.lift(session, StopKind.DISPUTE, "test", actor=OPERATOR)
    days_pass(db, clock, 1)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "disputed"), ("first_reminder", "ready", None)]
        assert waiting_tasks(session) == [(TaskKind.CALL_DUE, 12000)]


def test_a_part_that_is_held_calls_nothing_off(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [CALL])
        account, (late,) = owing(session, 7, phone="+441632960001")
    reminded(db)

    with db.transaction() as session:
        stops.write(
            session, account.id, StopKind.DISPUTE, "test", invoice_id=late.id, amount=money("20"), actor=OPERATOR
        )
    reminded(db)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "ready", None)]
        assert waiting_tasks(session) == [(TaskKind.CALL_DUE, 12000)]


def bounce(session: Session, notice: Notice, *, dead: bool = True) -> None:
    """The mail server says that it cannot be delivered."""
    account = session.get_one(Account, notice.account_id)
    if dead:
        tracing.bounced(session, account, notice, how="refused", detail="550 no such user", actor=WORKER)
    else:
        changing.change(session, notice, NoticeStatus.FAILED, actor=WORKER, detail="552 mailbox full")


def test_what_never_arrived_comes_again_by_the_next_way_until_none_is_left(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 7, address="1 Quay\nLeith")
    reminded(db)
    with db.transaction() as session:
        bounce(session, last(session))

    days_pass(db, clock, 3)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "failed", None), ("first_reminder", "ready", None)]
        assert last(session).channel is Channel.LETTER


def test_where_the_address_still_works_the_same_is_not_tried_again_and_again(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 7)
    reminded(db)
    with db.transaction() as session:
        bounce(session, last(session), dead=False)

    days_pass(db, clock, 3)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "failed", None)]
