"""Reports on our mail: what they make of the notice, of its address, and of whoever has to know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notices.incoming.reports import Outcome, Report, hear, is_ours
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, now
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account
from tests.support.linking import a_notice

MAYA = "maya@harbour.example"


def report(notice: Notice, outcome: Outcome, *, dead: bool = False) -> Report:
    """A report about this notice."""
    return Report(outcome, (f"<{notice.mark}@portal.example>",), dead, "5.1.1 no such user")


def tell(session: Session, notice: Notice, outcome: Outcome, *, dead: bool = False) -> None:
    """It comes in."""
    assert hear(session, report(notice, outcome, dead=dead), how="mail server", actor=WORKER)


def known(session: Session) -> AddressKind | None:
    """What is known of Maya's address."""
    return addresses.latest(session, Channel.EMAIL, [MAYA]).get(MAYA)


def tasks(session: Session) -> list[TaskKind]:
    """What waits for somebody."""
    return list(session.scalars(select(Task.kind).order_by(Task.id)))


def test_an_address_that_does_not_exist_is_not_used_again_and_the_customer_searched_for(db: Database) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        tell(session, notice, Outcome.FAILED, dead=True)
        tell(session, notice, Outcome.FAILED, dead=True)

        assert notice.status is NoticeStatus.FAILED
        assert known(session) is AddressKind.BOUNCED
        assert tasks(session) == [TaskKind.TRACE]


def test_a_full_mailbox_fails_the_notice_and_leaves_the_address(db: Database) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        tell(session, notice, Outcome.FAILED)

        assert notice.status is NoticeStatus.FAILED
        assert known(session) is None
        assert tasks(session) == []


@pytest.mark.parametrize("wish", [AddressKind.OPTED_OUT, AddressKind.COMPLAINED])
def test_who_wants_no_messages_is_not_forgotten_over_a_bounce(db: Database, wish: AddressKind) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        addresses.note(session, Channel.EMAIL, MAYA, wish, how="link", actor=WORKER)
        tell(session, notice, Outcome.FAILED, dead=True)

        assert notice.status is NoticeStatus.FAILED
        assert known(session) is wish


def test_a_failure_of_long_ago_says_nothing_of_the_address_today(db: Database) -> None:
    """Whoever was sent a mail once knows its mark for good."""
    with db.transaction() as session:
        old, late = (a_notice(session, an_account(session, email=MAYA), address=MAYA) for _ in range(2))
        old.sent_at, late.sent_at = now(session) - timedelta(days=31), now(session) - timedelta(days=6)
        tell(session, old, Outcome.FAILED, dead=True)
        before = known(session)
        tell(session, late, Outcome.FAILED, dead=True)

        assert (old.status, before) == (NoticeStatus.SENT, None)
        assert (late.status, known(session)) == (NoticeStatus.FAILED, AddressKind.BOUNCED)


@pytest.mark.parametrize(
    ("outcome", "status"), [(Outcome.DELAYED, NoticeStatus.SENT), (Outcome.DELIVERED, NoticeStatus.DELIVERED)]
)
def test_what_goes_on_or_arrives_asks_nobody(db: Database, outcome: Outcome, status: NoticeStatus) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        tell(session, notice, outcome)
        tell(session, notice, outcome)

        assert notice.status is status
        assert known(session) is None
        assert tasks(session) == []


def test_it_can_fail_after_it_had_arrived_and_never_the_other_way_round(db: Database) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        for outcome in (Outcome.DELIVERED, Outcome.FAILED, Outcome.DELIVERED):
            tell(session, notice, outcome)

        assert notice.status is NoticeStatus.FAILED


def test_a_complaint_stops_the_address_and_somebody_looks_why(db: Database) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        tell(session, notice, Outcome.COMPLAINED)
        tell(session, notice, Outcome.COMPLAINED)

        assert known(session) is AddressKind.COMPLAINED
        assert tasks(session) == [TaskKind.COMPLAINT]


def test_a_wish_to_be_left_alone_is_granted(db: Database) -> None:
    with db.transaction() as session:
        tell(session, a_notice(session, an_account(session, email=MAYA), address=MAYA), Outcome.OPTED_OUT)

        assert known(session) is AddressKind.OPTED_OUT


def test_one_about_something_else_changes_nothing(db: Database) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session, email=MAYA), address=MAYA)
        foreign = Report(Outcome.FAILED, ("<receipt.1@portal.example>", "<notice.x@y>"), True, "5.1.1")

        assert not is_ours(session, foreign)
        assert not hear(session, foreign, how="mail server", actor=WORKER)
        assert notice.status is NoticeStatus.SENT
