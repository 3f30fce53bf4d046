"""The hook of a mail provider: stored once, drawn upon by the worker, and closed to everybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from adapters.mail.hooks import signed
from app.handlers.inbox import handle_due
from app.mail_hook import LARGEST, mail_hook
from app.wired import Wired
from domain.inbox import queries as inbox
from domain.notices.incoming.model import Incoming
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach.model import AddressNews
from tests.support.builders import an_account
from tests.support.linking import READER, a_notice

SECRET = "a secret that nobody guesses, ever"


@pytest.fixture
def client(wired: Wired) -> Iterator[TestClient[Litestar]]:
    """The hook alone, as an application."""
    handler = mail_hook(wired.database, secret=SECRET, tally=wired.tally, nudge=wired.nudge)
    with TestClient(Litestar([handler])) as made:
        yield made


def tell(client: TestClient[Litestar], wired: Wired, secret: str = SECRET, **told: object) -> int:
    """The provider tells something; the answer's status."""
    body = json.dumps({"id": "e1", "at": "2026-03-16T11:59:00Z", **told}).encode()
    stamp = str(int(wired.database.clock.now().timestamp()))
    headers = {"x-quittance-signature": f"t={stamp},v1={signed(body, stamp, secret)}"}
    return client.post("/hooks/mail", content=body, headers=headers).status_code


def test_a_bounce_is_stored_once_and_marks_its_notice(client: TestClient[Litestar], wired: Wired) -> None:
    with wired.database.transaction() as session:
        notice = a_notice(session, an_account(session, email=READER))
        notice_id, ours = notice.id, f"<{notice.mark}@portal.example>"
    woken = wired.nudge.listen()

    answers = [tell(client, wired, kind="bounced", message_id=ours, permanent=True, detail="550") for _ in range(2)]
    handled = handle_due(wired)

    assert answers == [200, 200]
    assert handled == 1
    assert woken.is_set()
    assert wired.tally.counts() == {"mail_received": 1, "mail_repeated": 1}
    with wired.database.reading() as session:
        assert session.get_one(Notice, notice_id).status is NoticeStatus.FAILED
        assert session.execute(select(AddressNews.address, AddressNews.how)).all() == [(READER, "hook")]


def test_an_answer_is_taken_in(client: TestClient[Litestar], wired: Wired) -> None:
    tell(client, wired, kind="inbound", message_id="<1@x>", **{"from": READER}, subject="Re", text="Paid")
    handle_due(wired)

    with wired.database.reading() as session:
        assert session.execute(select(Incoming.message_id, Incoming.body)).all() == [("<1@x>", "Paid")]


def test_what_no_database_keeps_is_left_out(client: TestClient[Litestar], wired: Wired) -> None:
    with wired.database.transaction() as session:
        notice = a_notice(session, an_account(session, email=READER))
        notice_id, ours = notice.id, f"<{notice.mark}@portal.example>"

    written = {"message_id": "<1\0@x>", "from": READER, "subject": "Re\0", "text": "Pa\0id"}
    answers = [tell(client, wired, id="e0", kind="inbound", **written)]
    answers += [tell(client, wired, kind="bounced", message_id=ours, permanent=True, detail="550 \0no")]
    handle_due(wired)

    assert answers == [200, 200]
    with wired.database.reading() as session:
        assert session.execute(select(Incoming.message_id, Incoming.body)).first() == ("<1@x>", "Paid")
        assert session.get_one(Notice, notice_id).status is NoticeStatus.FAILED
        assert session.scalars(select(AddressNews.detail)).all() == ["550 no"]


def test_nobody_else_is_believed(client: TestClient[Litestar], wired: Wired) -> None:
    forged = tell(client, wired, secret="another secret, by somebody else", kind="bounced", message_id="x")
    unsigned = client.post("/hooks/mail", content=b"{}").status_code
    huge = client.post("/hooks/mail", content=b"x" * (LARGEST + 1)).status_code

    assert (forged, unsigned, huge) == (403, 403, 413)
    assert wired.tally.counts() == {"mail_forged": 1, "mail_not_signed": 1}
    with wired.database.reading() as session:
        assert inbox.events(session, inbox.View.ALL) == []


def test_it_is_not_open_without_a_secret(wired: Wired) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        mail_hook(wired.database, secret=" ", tally=wired.tally, nudge=wired.nudge)
