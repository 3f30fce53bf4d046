"""Messages that come in: once each, on the timeline, with somebody to answer them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES
from domain.notices.incoming.matching import MatchedBy
from domain.notices.incoming.model import Incoming
from domain.notices.incoming.taking_in import assign, settle, take_in
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account, an_invoice, money
from tests.support.linking import a_notice

MAYA = "maya@harbour.example"
OLU = Actor.staff(7)


def come(session: Session, message_id: str = "<1@x>", **more: Any) -> Incoming | None:
    """A mail of Maya's comes in."""
    given: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "sender": MAYA,
        "subject": "Your reminder",
        "body": "We pay on Friday.",
        "written_at": None,
        "actor": WORKER,
    }
    return take_in(session, message_id=message_id, **{**given, **more})


def waiting(session: Session) -> list[tuple[TaskKind, int | None]]:
    """The open tasks and their accounts."""
    rows = session.execute(select(Task.kind, Task.account_id).where(Task.done_at.is_(None)).order_by(Task.id))
    return [(row.kind, row.account_id) for row in rows]


def acts(session: Session, account_id: int) -> list[str]:
    """What the timeline of an account says about messages."""
    found = select(AUDIT_ENTRIES.c.act).where(
        AUDIT_ENTRIES.c.account_id == account_id, AUDIT_ENTRIES.c.act.like("message.%")
    )
    return list(session.scalars(found.order_by(AUDIT_ENTRIES.c.id)))


def test_an_answer_stands_on_its_account_and_waits_for_ours(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        notice = a_notice(session, account)
        message = come(session, references=[f"<{notice.mark}@portal.example>"])

        assert message is not None
        assert (message.account_id, message.notice_id) == (account.id, notice.id)
        assert message.matched_by == MatchedBy.HEADER
        assert acts(session, account.id) == ["message.taken_in"]
        assert waiting(session) == [(TaskKind.MESSAGE_IN, account.id)]
        assert session.scalars(select(Task.worth_minor)).one() == money("120").minor


def test_the_same_message_comes_once(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        first, again = come(session), come(session, body="Another body")
        long = [come(session, "<" + "x" * 400 + ">") for _ in range(2)]

        assert first is not None
        assert again is None
        assert [one is None for one in long] == [False, True]
        assert acts(session, account.id) == ["message.taken_in"] * 2


def test_one_from_nobody_we_know_waits_for_somebody_who_does(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        message = come(session)
        assert message is not None
        before = waiting(session)
        assign(session, message.id, account.id, actor=OLU)
        between = waiting(session)
        assign(session, message.id, other.id, actor=OLU)

        assert before == [(TaskKind.MESSAGE_UNMATCHED, None)]
        assert between == [(TaskKind.MESSAGE_IN, account.id)]
        assert waiting(session) == [(TaskKind.MESSAGE_IN, other.id)]
        assert acts(session, account.id) == ["message.assigned", "message.taken_away"]
        assert acts(session, other.id) == ["message.assigned"]
        with pytest.raises(Conflict):
            assign(session, message.id, other.id, actor=OLU)
        with pytest.raises(NotFound):
            assign(session, message.id, 999_999, actor=OLU)


def test_dealt_with_once_and_its_task_with_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        message = come(session)
        assert message is not None
        settle(session, message.id, actor=OLU, note="Called her")
        session.flush()

        assert waiting(session) == []
        assert (message.settled_by, message.settled_at is not None) == (7, True)
        assert acts(session, account.id)[-1] == "message.settled"
        with pytest.raises(Conflict):
            settle(session, message.id, actor=OLU)
        with pytest.raises(NotFound):
            settle(session, 999_999, actor=OLU)


def test_who_is_away_is_kept_and_asks_nobody(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        message = come(session, body="I am away. STOP", needs_answer=False)

        assert message is not None
        assert message.settled_at is not None
        assert waiting(session) == []
        assert acts(session, account.id) == ["message.kept"]


def test_nothing_but_stop_stops_the_address_it_came_from(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        notice = a_notice(session, account, address=MAYA)
        come(session, sender="Maya@Harbour.example", body="STOP")
        stopped = addresses.latest(session, Channel.EMAIL, [MAYA])
        come(session, "<2@x>", body="Start", references=[f"<{notice.mark}@portal.example>"])

        assert stopped == {MAYA: AddressKind.OPTED_OUT}
        assert addresses.latest(session, Channel.EMAIL, [MAYA]) == {MAYA: AddressKind.OPTED_IN}
        assert waiting(session) == []
        assert acts(session, account.id) == ["message.kept", "message.kept"]


def test_a_start_that_anybody_can_have_written_is_for_a_person(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        elsewhere = a_notice(session, account, address="tom@harbour.example")
        come(session, body="STOP")
        come(session, "<2@x>", body="Start")
        come(session, "<3@x>", body="Start", references=[f"<{elsewhere.mark}@portal.example>"])

        assert addresses.latest(session, Channel.EMAIL, [MAYA]) == {MAYA: AddressKind.OPTED_OUT}
        assert waiting(session) == [(TaskKind.MESSAGE_IN, account.id)] * 2


def test_a_stop_from_nobody_we_know_is_a_message_like_any_other(db: Database) -> None:
    with db.transaction() as session:
        come(session, body="STOP")

        assert waiting(session) == [(TaskKind.MESSAGE_UNMATCHED, None)]
        assert addresses.latest(session, Channel.EMAIL, [MAYA]) == {}


def test_what_no_database_takes_is_left_out(db: Database) -> None:
    with db.transaction() as session:
        message = come(session, "<\0\udcff>", sender="a\0@b" * 200, subject="x\r\n\0y" * 400, body="\0\udcff" * 90_000)
        session.flush()
        session.expire_all()

        assert message is not None
        assert "\0" not in message.body + message.subject + message.sender + message.message_id
        assert "\n" not in message.subject
        assert len(message.body) <= 100_000
