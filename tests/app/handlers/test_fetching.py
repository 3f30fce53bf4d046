"""Fetching: mail out of a mailbox, taken in and filed, and left there where we could not keep it."""

from __future__ import annotations

import mailbox
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.mail.mailbox_file import MboxFile
from app.handlers.fetching import fetch_due, take
from app.wired import Wired
from app.worker import Worker
from domain.documents.model import Document
from domain.dunning.turns import Did
from domain.notices.incoming.model import Incoming
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach.model import AddressKind, AddressNews
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account
from tests.support.linking import READER, a_notice
from tests.support.mails import a_bounce, a_complaint, a_mail


@pytest.fixture
def notice(wired: Wired) -> Notice:
    """A reminder that went to an account's only address."""
    with wired.database.transaction() as session:
        notice = a_notice(session, an_account(session, email=READER))
        session.flush()
        session.expunge(notice)
    return notice


def ours(notice: Notice) -> str:
    """Its message id."""
    return f"<{notice.mark}@portal.example>"


def tasks(wired: Wired) -> list[TaskKind]:
    """What waits for somebody."""
    with wired.database.reading() as session:
        return list(session.scalars(select(Task.kind).order_by(Task.id)))


def test_an_answer_in_a_mailbox_lands_on_its_account(wired: Wired, notice: Notice, tmp_path: Path) -> None:
    path = tmp_path / "mail"
    box = mailbox.mbox(path)
    box.add(a_mail("Paid on Friday", sender="somebody@else.example", In_Reply_To=ours(notice)))
    box.close()
    with_mailbox = replace(wired, mailbox=MboxFile(path))

    Worker(with_mailbox).drain()
    again = fetch_due(with_mailbox)

    assert again == Did()
    assert tasks(wired) == [TaskKind.MESSAGE_IN]
    with wired.database.reading() as session:
        message = session.scalars(select(Incoming)).one()
        assert (message.account_id, message.notice_id, message.body) == (notice.account_id, notice.id, "Paid on Friday")
        digest = session.get_one(Document, message.document_id).sha256
    assert b"Paid on Friday" in wired.store.open(digest).read()


def test_a_bounce_and_a_complaint_are_drawn_upon(wired: Wired, notice: Notice) -> None:
    take(wired, a_bounce(ours(notice)))
    take(wired, a_complaint(ours(notice)))

    assert tasks(wired) == [TaskKind.TRACE, TaskKind.COMPLAINT]
    with wired.database.reading() as session:
        assert session.get_one(Notice, notice.id).status is NoticeStatus.FAILED
        assert session.scalars(select(AddressNews.kind).order_by(AddressNews.id)).all() == [
            AddressKind.BOUNCED,
            AddressKind.COMPLAINED,
        ]


def test_no_mailbox_is_no_mail(wired: Wired) -> None:
    assert fetch_due(wired) == Did()


def test_what_cannot_be_taken_in_is_counted(wired: Wired, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    path = tmp_path / "mbox"
    box = mailbox.mbox(path)
    box.add(a_mail())
    box.close()
    monkeypatch.setattr(wired.store, "put", full)

    did = fetch_due(replace(wired, mailbox=MboxFile(path)))

    assert (did.done, did.failures) == (0, 1)
    assert did.error is not None
    assert did.error.endswith("cannot be taken in")


def test_what_we_cannot_keep_waits_where_it_is(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(wired.store, "put", full)
    refused = take(wired, a_mail())
    with wired.database.reading() as session:
        kept = session.scalars(select(Incoming)).all()
    monkeypatch.undo()

    assert not refused
    assert kept == []
    assert take(wired, a_mail())


SAMPLES = [a_mail("x", In_Reply_To="<notice.x@y>"), a_bounce("<notice.x@y>"), a_complaint("<notice.x@y>")]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_mail_is_too_spoilt_to_keep(wired: Wired, data: st.DataObject) -> None:
    mail = bytearray(data.draw(st.sampled_from(SAMPLES)))
    start = data.draw(st.integers(0, len(mail)))
    mail[start : start + data.draw(st.integers(0, 200))] = data.draw(st.binary(max_size=60))

    assert take(wired, bytes(mail))
