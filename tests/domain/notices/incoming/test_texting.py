"""Texting: what the carrier says moves a notice forward only, and what customers text is understood or kept."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notices.incoming.model import Incoming
from domain.notices.incoming.texting import NotSentYet, texted, told
from domain.notices.model import HeldBack, Notice, NoticeChange, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database, now
from domain.shared.texting import TextFault, TextState
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.builders import an_account, an_invoice
from tests.support.linking import a_notice

NUMBER = "+441632960123"
BY = Actor.visitor()


def a_text(session: Session, status: NoticeStatus = NoticeStatus.SENT) -> Notice:
    """A reminder by text."""
    account = an_account(session)
    notice = a_notice(session, account, an_invoice(session, account, "120"), address=NUMBER, channel=Channel.SMS)
    notice.status, notice.why = status, HeldBack.PAID if status is NoticeStatus.SUPPRESSED else None
    session.flush()
    return notice


def say(session: Session, notice: Notice, state: TextState, fault: TextFault = TextFault.OTHER) -> None:
    """The carrier says it."""
    told(session, notice.mark, state, fault=fault, detail=f"{state} by the carrier", actor=WORKER)


def text(session: Session, body: str, *, wish: str | None = None, message_id: str = "SM1") -> None:
    """Somebody texts us."""
    texted(session, message_id=message_id, sender=NUMBER, body=body, wish=wish, at=now(session), actor=BY)


def known(session: Session) -> AddressKind | None:
    """What is known of the number."""
    return addresses.latest(session, Channel.SMS, [NUMBER]).get(NUMBER)


@pytest.mark.parametrize("order", sorted(set(permutations([TextState.TAKEN, TextState.DELIVERED, TextState.TAKEN]))))
def test_delivered_stays_delivered_in_whatever_order_it_is_told(db: Database, order: tuple[TextState, ...]) -> None:
    with db.transaction() as session:
        notice = a_text(session)

        for state in (*order, *order):
            say(session, notice, state)

        changes = session.scalars(select(NoticeChange.after).where(NoticeChange.notice_id == notice.id)).all()
        assert notice.status is NoticeStatus.DELIVERED
        assert changes.count(NoticeStatus.DELIVERED) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (TextFault.OTHER, None),
        (TextFault.DEAD_NUMBER, AddressKind.BOUNCED),
        (TextFault.OPTED_OUT, AddressKind.OPTED_OUT),
    ],
)
def test_what_did_not_arrive_has_failed_and_may_say_something_of_the_number(
    db: Database, fault: TextFault, kind: AddressKind | None
) -> None:
    with db.transaction() as session:
        notice = a_text(session)

        say(session, notice, TextState.FAILED, fault)
        say(session, notice, TextState.FAILED, fault)
        say(session, notice, TextState.DELIVERED)

        assert notice.status is NoticeStatus.FAILED
        assert known(session) is kind


def test_what_was_delivered_does_not_fail_any_more(db: Database) -> None:
    with db.transaction() as session:
        notice = a_text(session)
        say(session, notice, TextState.DELIVERED)

        say(session, notice, TextState.FAILED, TextFault.DEAD_NUMBER)

        assert notice.status is NoticeStatus.DELIVERED
        assert known(session) is None


def test_news_of_a_text_that_is_not_written_down_as_sent_has_to_come_again(db: Database) -> None:
    with db.transaction() as session:
        notice = a_text(session, NoticeStatus.READY)
        mark = notice.mark

    with pytest.raises(NotSentYet), db.transaction() as session:
        told(session, mark, TextState.DELIVERED, fault=TextFault.OTHER, detail="delivered", actor=WORKER)


def test_a_text_that_was_held_back_after_all_stays_so_but_what_became_of_it_is_kept(db: Database) -> None:
    with db.transaction() as session:
        notice = a_text(session, NoticeStatus.SUPPRESSED)

        say(session, notice, TextState.DELIVERED)

        last = session.scalars(select(NoticeChange).order_by(NoticeChange.id.desc())).first()
        assert last is not None
        assert (last.before, last.after, last.detail) == (
            NoticeStatus.SUPPRESSED,
            NoticeStatus.SUPPRESSED,
            "delivered by the carrier",
        )


def test_news_of_no_notice_of_ours_is_nothing(db: Database) -> None:
    with db.transaction() as session:
        notice = a_text(session)
        notice.channel = Channel.EMAIL
        session.flush()

        say(session, notice, TextState.DELIVERED)
        told(session, "notice.elsewhere", TextState.DELIVERED, fault=TextFault.OTHER, detail="", actor=WORKER)

        assert notice.status is NoticeStatus.SENT


@pytest.mark.parametrize(("body", "wish"), [("STOP", None), ("stop.", None), ("Parar", None), ("No más", "STOP")])
def test_stop_stops_texts_to_that_number_whosever_it_is(db: Database, body: str, wish: str | None) -> None:
    with db.transaction() as session:
        text(session, body, wish=wish)

        assert known(session) is AddressKind.OPTED_OUT
        assert session.scalars(select(Incoming)).all() == []


def test_start_makes_texts_welcome_again(db: Database) -> None:
    with db.transaction() as session:
        text(session, "STOP")

        text(session, "Start", message_id="SM2")

        assert known(session) is AddressKind.OPTED_IN


@pytest.mark.parametrize("body", ["Yes, on Friday", "Please stop charging us interest", ""])
def test_anything_else_is_kept_once_for_a_person(db: Database, body: str) -> None:
    with db.transaction() as session:
        notice = a_text(session)

        text(session, body)
        text(session, body)

        message = session.scalars(select(Incoming)).one()
        assert (message.channel, message.sender, message.body) == (Channel.SMS, NUMBER, body)
        assert message.account_id == notice.account_id
        assert [task.kind for task in tasks.tasks_of(session, notice.account_id)] == [TaskKind.MESSAGE_IN]
        assert known(session) is None
