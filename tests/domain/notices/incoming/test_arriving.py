"""Mail arrives: taken in, filed as it came, and what it reports drawn upon, once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.documents.model import Category, Document
from domain.notices.incoming.arriving import LARGEST_OF_A_STRANGER, Mail, arrive, keep_raw
from domain.notices.incoming.model import Incoming
from domain.notices.incoming.reports import Outcome, Report
from domain.notices.model import Notice, NoticeStatus
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from domain.tasks.model import Task, TaskKind
from tests.support.audited import last_payload
from tests.support.builders import an_account
from tests.support.linking import a_notice
from tests.support.outside import MemoryStore

MAYA = "maya@harbour.example"


def come(session: Session, mail: Mail) -> Incoming | None:
    """The mail comes in."""
    return arrive(session, mail, how="mail server", actor=WORKER)


def filed(session: Session, sender: str, raw: bytes) -> tuple[Incoming, Document, bytes]:
    """A mail comes in and is filed: the message, its document, and what lies in the store."""
    store = MemoryStore()
    message = come(session, Mail(f"<{sender}>", sender, "Hello", "Hi"))
    assert message is not None
    keep_raw(session, store, message, raw, actor=WORKER)
    document = session.get_one(Document, message.document_id)
    return message, document, store.open(document.sha256).read()


def reporting(notice: Notice, outcome: Outcome, message_id: str = "<b@x>") -> Mail:
    """A mail server's report about this notice."""
    report = Report(outcome, (f"<{notice.mark}@portal.example>",), True, "5.1.1")
    return Mail(message_id, "mailer-daemon@x.example", "Undelivered", "…", automatic=True, report=report)


def tasks(session: Session) -> list[TaskKind]:
    """What waits for somebody."""
    return list(session.scalars(select(Task.kind).order_by(Task.id)))


def test_it_is_filed_as_it_came(db: Database) -> None:
    with db.transaction() as session:
        _, document, stored = filed(session, MAYA, b"From: Maya\n\nHi")

        assert (document.category, document.media_type) == (Category.MESSAGE, "message/rfc822")
        assert document.account_id is None
        assert stored == b"From: Maya\n\nHi"


def test_of_a_strangers_large_mail_the_beginning_is_filed_and_that_it_was_cut(db: Database) -> None:
    raw = b"From: Maya\n\n" + b"x" * LARGEST_OF_A_STRANGER
    with db.transaction() as session:
        an_account(session, email=MAYA)
        known, whole, _ = filed(session, MAYA, raw)
        unknown, beginning, stored = filed(session, "tom@elsewhere.example", raw)

        assert (whole.size, whole.filename) == (len(raw), f"message-{known.id}.eml")
        assert stored == raw[:LARGEST_OF_A_STRANGER]
        assert beginning.filename == f"message-{unknown.id}-beginning.eml"
        after = last_payload(session, "message.cut_off")["after"]
        assert (after["size"], after["kept"]) == (len(raw), LARGEST_OF_A_STRANGER)


def test_the_same_mail_twice_has_its_effect_once(db: Database) -> None:
    mail = Mail("<1@x>", MAYA, "Hello", "Hi")
    with db.transaction() as session:
        first, again = come(session, mail), come(session, mail)

        assert first is not None
        assert again is None
        assert session.scalars(select(Incoming)).all() == [first]


def test_our_own_mail_that_comes_back_is_no_message(db: Database) -> None:
    with db.transaction() as session:
        notice = a_notice(session, an_account(session))

        assert come(session, Mail(f"<{notice.mark}@portal.example>", "us@example.com", "A reminder", "Pay")) is None
        assert session.scalars(select(Incoming)).all() == []
        assert come(session, Mail(f"<re.{notice.mark}@x.example>", MAYA, "Re: A reminder", "Paid")) is not None


def test_a_report_is_kept_beside_what_it_reports_and_asks_for_no_answer(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        notice = a_notice(session, account, address=MAYA)
        message = come(session, reporting(notice, Outcome.FAILED))

        assert message is not None
        assert (message.account_id, message.notice_id) == (account.id, notice.id)
        assert message.settled_at is not None
        assert notice.status is NoticeStatus.FAILED
        assert tasks(session) == [TaskKind.TRACE]


def test_a_report_about_something_else_is_looked_at_unless_it_is_harmless(db: Database) -> None:
    foreign = ("<receipt.1@portal.example>",)
    with db.transaction() as session:
        come(session, Mail("<1@x>", "d@x.example", "Undelivered", "…", report=Report(Outcome.FAILED, foreign)))
        come(session, Mail("<2@x>", "d@x.example", "Delayed", "…", report=Report(Outcome.DELAYED, foreign)))

        assert tasks(session) == [TaskKind.MESSAGE_UNMATCHED]
