"""Text hooks: what Twilio signed is stored once, all else is turned away, and the worker acts on what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import inbox as handlers
from app.nudging import Nudge
from app.tallying import Tally
from app.text_hooks import LARGEST, TEXTS_PATH, text_hook
from app.wired import Wired
from domain.inbox import queries as inbox
from domain.notices.incoming.model import Incoming
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.clock import MovableClock
from tests.support.builders import an_account, an_invoice
from tests.support.linking import a_notice
from tests.support.twilio import TOKEN, signature

PORTAL = "https://pay.northgate.example"
NUMBER = "+441632960123"
Hook = TestClient[Litestar]


@pytest.fixture
def text_client(wired: Wired) -> Iterator[Hook]:
    """The hook alone, as an application behind a proxy that calls it something else."""
    handler = text_hook(wired.database, token=TOKEN, portal_url=PORTAL, tally=wired.tally, nudge=wired.nudge)
    with TestClient(Litestar([handler]), base_url="http://10.0.0.7:8000") as client:
        yield client


def post(hook: Hook, fields: dict[str, str], *, mark: str = "", token: str = TOKEN) -> int:
    """Twilio posts it."""
    path = TEXTS_PATH + (f"?{urlencode({'mark': mark})}" if mark else "")
    headers = {"x-twilio-signature": signature(PORTAL + path, fields, token=token)}
    return hook.post(path, data=fields, headers=headers).status_code


def stored(wired: Wired) -> list[str]:
    """The kinds of event in the inbox."""
    with wired.database.reading() as session:
        return [event.kind for event in inbox.events(session, inbox.View.ALL)]


def handle_all(wired: Wired) -> None:
    """Handle until nothing is due."""
    while handlers.handle_due(wired):
        pass


def a_text(session: Session, status: NoticeStatus = NoticeStatus.SENT) -> Notice:
    """A reminder by text."""
    account = an_account(session)
    notice = a_notice(session, account, an_invoice(session, account, "120"), address=NUMBER, channel=Channel.SMS)
    notice.status = status
    session.flush()
    return notice


def status_of(wired: Wired, notice_id: int) -> NoticeStatus:
    """How the notice stands."""
    with wired.database.reading() as session:
        return session.get_one(Notice, notice_id).status


def news(status: str, **more: str) -> dict[str, str]:
    """What Twilio says of a text."""
    return {"MessageSid": "SM1", "MessageStatus": status, "To": NUMBER, "ErrorCode": "", **more}


def test_what_becomes_of_a_text_is_stored_once_and_the_notice_follows(text_client: Hook, wired: Wired) -> None:
    woken = wired.nudge.listen()
    with wired.database.transaction() as session:
        notice = a_text(session)
        notice_id, mark = notice.id, notice.mark

    answers = [post(text_client, news(status), mark=mark) for status in ("delivered", "sent", "delivered", "queued")]
    handle_all(wired)

    assert answers == [200] * 4
    assert woken.is_set()
    assert wired.tally.counts() == {"text_received": 3, "text_repeated": 1}
    assert status_of(wired, notice_id) is NoticeStatus.DELIVERED


def test_news_that_comes_before_the_notice_is_sent_waits_for_it(
    text_client: Hook, wired: Wired, clock: MovableClock
) -> None:
    with wired.database.transaction() as session:
        notice = a_text(session, NoticeStatus.READY)
        notice_id, mark = notice.id, notice.mark
    post(text_client, news("delivered"), mark=mark)
    handle_all(wired)
    early = status_of(wired, notice_id)
    with wired.database.transaction() as session:
        session.get_one(Notice, notice_id).status = NoticeStatus.SENT
    clock.advance(minutes=1)

    handle_all(wired)

    assert early is NoticeStatus.READY
    assert status_of(wired, notice_id) is NoticeStatus.DELIVERED


def test_a_number_that_does_not_exist_is_remembered(text_client: Hook, wired: Wired) -> None:
    with wired.database.transaction() as session:
        notice = a_text(session)
        notice_id, mark = notice.id, notice.mark

    post(text_client, news("undelivered", ErrorCode="30005"), mark=mark)
    handle_all(wired)

    assert status_of(wired, notice_id) is NoticeStatus.FAILED
    with wired.database.reading() as session:
        assert addresses.latest(session, Channel.SMS, [NUMBER]) == {NUMBER: AddressKind.BOUNCED}


def test_a_word_of_twilios_that_we_do_not_know_is_kept_and_changes_nothing(text_client: Hook, wired: Wired) -> None:
    with wired.database.transaction() as session:
        notice = a_text(session)
        notice_id, mark = notice.id, notice.mark

    post(text_client, news("teleported"), mark=mark)
    handle_all(wired)

    assert status_of(wired, notice_id) is NoticeStatus.SENT
    assert stored(wired) == ["text.status"]


def test_a_stop_that_is_told_twice_does_not_undo_the_start_after_it(text_client: Hook, wired: Wired) -> None:
    stop = {"MessageSid": "SM8", "From": NUMBER, "Body": "STOP"}
    start = {"MessageSid": "SM9", "From": NUMBER, "Body": "START"}

    for fields in (stop, start, stop):
        post(text_client, fields)
        handle_all(wired)

    with wired.database.reading() as session:
        assert addresses.latest(session, Channel.SMS, [NUMBER]) == {NUMBER: AddressKind.OPTED_IN}


def test_what_no_database_keeps_is_left_out_of_a_stop(text_client: Hook, wired: Wired) -> None:
    answer = post(text_client, {"MessageSid": "SM6", "From": NUMBER, "Body": "STOP\0"})
    handle_all(wired)

    assert answer == 200
    with wired.database.reading() as session:
        assert addresses.latest(session, Channel.SMS, [NUMBER]) == {NUMBER: AddressKind.OPTED_OUT}


def test_what_a_customer_texts_is_taken_in(text_client: Hook, wired: Wired) -> None:
    with wired.database.transaction() as session:
        account_id = a_text(session).account_id

    answer = post(text_client, {"MessageSid": "SM7", "From": NUMBER, "Body": "We pay on Friday ✓"})
    handle_all(wired)

    assert answer == 200
    with wired.database.reading() as session:
        message = session.scalars(select(Incoming)).one()
        assert (message.message_id, message.body, message.account_id) == (
            "twilio:SM7",
            "We pay on Friday ✓",
            account_id,
        )


def test_what_twilio_did_not_sign_is_turned_away_and_counted(text_client: Hook, wired: Wired) -> None:
    fields = news("delivered")
    signed, other = signature(PORTAL + TEXTS_PATH, fields), f"{TEXTS_PATH}?mark=notice.2"

    answers = [
        post(text_client, fields, token="somebody else's"),
        text_client.post(TEXTS_PATH, data=fields).status_code,
        text_client.post(other, data=fields, headers={"x-twilio-signature": signed}).status_code,
        text_client.post(TEXTS_PATH, content=b"\xff\xfe", headers={"x-twilio-signature": signed}).status_code,
    ]

    assert answers == [403] * 4
    assert stored(wired) == []
    assert wired.tally.counts() == {"text_forged": 2, "text_not_signed": 1, "text_unreadable": 1}


def test_an_endless_message_is_not_read_to_its_end(text_client: Hook, wired: Wired) -> None:
    assert post(text_client, {"Body": "x" * (LARGEST + 1)}) == 413
    assert stored(wired) == []


def test_a_hook_is_never_open_without_a_token(wired: Wired) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        text_hook(wired.database, token=" ", portal_url=PORTAL, tally=Tally(), nudge=Nudge())
