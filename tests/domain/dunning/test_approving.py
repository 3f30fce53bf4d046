"""Approving: a person lets a notice go; what became untrue while it waited does not go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from domain.accounts.model import Account
from domain.dunning.approving import approve, reject
from domain.notices.messages import SendNotice
from domain.notices.model import NoticeStatus
from domain.outbox.model import OutboxMessage
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.domain.dunning.test_stepping import owing
from tests.domain.promises.test_judging import waiting_tasks
from tests.support.builders import a_receipt
from tests.support.reminding import a_sequence, days_pass, notices, reminded, said

STAFF = Actor.staff(7)
DEMAND = DunningStep(day=30, channel=Channel.EMAIL, wording=Wording.DEMAND, approve=True)
NEXT = DunningStep(day=35, channel=Channel.EMAIL, wording=Wording.FINAL_NOTICE)


def waiting(db: Database) -> tuple[int, int, int]:
    """A demand that waits for approval: its id, the account's, the invoice's."""
    with db.transaction() as session:
        a_sequence(session, [DEMAND, NEXT])
        account, (late,) = owing(session, 30)
    reminded(db)
    with db.reading() as session:
        (notice,) = notices(session)
        assert notice.status is NoticeStatus.WAITING
        return notice.id, account.id, late.id


def messages(db: Database) -> list[dict[str, int]]:
    """The notices that are on their way."""
    with db.reading() as session:
        wanted = select(OutboxMessage.payload).where(OutboxMessage.kind == SendNotice.kind)
        return list(session.scalars(wanted))


def test_it_goes_once_it_is_approved(db: Database) -> None:
    notice_id, *_ = waiting(db)
    assert messages(db) == []

    with db.transaction() as session:
        approve(session, notice_id, actor=STAFF)

    assert messages(db) == [{"notice_id": notice_id}]
    with db.reading() as session:
        assert said(session) == [("demand", "ready", None)]
        assert waiting_tasks(session) == []


def test_what_was_paid_meanwhile_is_held_back(db: Database) -> None:
    notice_id, account_id, invoice_id = waiting(db)
    with db.transaction() as session:
        late = session.get_one(Invoice, invoice_id)
        a_receipt(session, session.get_one(Account, account_id), "120", today(session), late)

    with db.transaction() as session:
        approve(session, notice_id, actor=STAFF)

    assert messages(db) == []
    with db.reading() as session:
        assert said(session) == [("demand", "suppressed", "paid")]


def test_out_of_hours_it_waits_for_the_morning(db: Database, clock: MovableClock) -> None:
    notice_id, *_ = waiting(db)
    clock.advance(hours=11)

    with db.transaction() as session:
        approve(session, notice_id, actor=STAFF)

    with db.reading() as session:
        assert notices(session)[0].due_at == clock.now() + timedelta(hours=7)


def test_the_days_to_act_and_those_before_the_next_step_count_from_the_approval(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        a_sequence(session, [DEMAND, replace(NEXT, gap_days=5)])
        owing(session, 30)
    reminded(db)
    days_pass(db, clock, 4)

    with db.transaction() as session:
        approved = approve(session, notices(session)[0].id, actor=STAFF)

        assert approved.act_by == today(session) + timedelta(days=DEMAND.act_days)
    assert [turn.notices for turn in days_pass(db, clock, 5)] == [0, 0, 0, 0, 1]


def test_what_is_rejected_does_not_go_and_the_next_step_follows(db: Database, clock: MovableClock) -> None:
    notice_id, *_ = waiting(db)

    with db.transaction() as session:
        reject(session, notice_id, why="They called this morning", actor=STAFF)
    days_pass(db, clock, 5)

    with db.reading() as session:
        assert said(session) == [("demand", "rejected", None), ("final_notice", "ready", None)]


def test_it_is_decided_once(db: Database) -> None:
    notice_id, *_ = waiting(db)
    with db.transaction() as session:
        approve(session, notice_id, actor=STAFF)

    with pytest.raises(Conflict), db.transaction() as session:
        approve(session, notice_id, actor=STAFF)
    with pytest.raises(Conflict), db.transaction() as session:
        reject(session, notice_id, why="Too late", actor=STAFF)


def test_a_reason_is_needed_and_a_notice(db: Database) -> None:
    notice_id, *_ = waiting(db)

    with pytest.raises(Invalid), db.transaction() as session:
        reject(session, notice_id, why=" ", actor=STAFF)
    with pytest.raises(NotFound), db.transaction() as session:
        approve(session, notice_id + 1, actor=STAFF)


def test_while_a_notice_waits_its_invoices_go_no_further(db: Database, clock: MovableClock) -> None:
    notice_id, *_ = waiting(db)
    days_pass(db, clock, 8)
    with db.reading() as session:
        assert said(session) == [("demand", "waiting", None)]

    with db.transaction() as session:
        approve(session, notice_id, actor=STAFF)
    days_pass(db, clock, 1)

    with db.reading() as session:
        assert said(session) == [("demand", "ready", None), ("final_notice", "ready", None)]
