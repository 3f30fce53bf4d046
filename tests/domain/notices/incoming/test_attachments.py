"""What came with a mail is filed under its account, each content once, and found as correspondence."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy import select

from domain.documents.intake import Intake
from domain.documents.listing import Wanted, listed
from domain.documents.model import DOCUMENTS, Category
from domain.notices.incoming.arriving import keep_raw
from domain.notices.incoming.attachments import FileAttachments, file_attachments, has_attachments
from domain.notices.incoming.taking_in import assign
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.db.session import Database
from tests.support.builders import an_account
from tests.support.evidence import a_pack
from tests.support.files import a_photo
from tests.support.incoming import a_message
from tests.support.outside import MemoryStore
from tests.support.terms import left_in_the_outbox


def a_mail_with_files() -> bytes:
    """A mail with a photograph, a text and a program."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ana@kite.example", "Broken pallets"
    mail.set_content("See the pictures.")
    mail.add_attachment(a_photo(), maintype="image", subtype="jpeg", filename="ramp.jpg")
    mail.add_attachment("Pallet 7", filename="list.txt")
    mail.add_attachment(b"MZ\x00", maintype="application", subtype="octet-stream", filename="setup.exe")
    return mail.as_bytes()


def test_attachments_become_documents_of_the_account_once_it_is_known(db: Database) -> None:
    store = MemoryStore()
    intake = Intake(store)
    with db.transaction() as session:
        account_id = an_account(session).id
        message = a_message(session)
        keep_raw(session, store, message, a_mail_with_files(), actor=WORKER)
        before = left_in_the_outbox(session, FileAttachments.kind)
        incoming_id = message.id
    nobodys = file_attachments(db, intake, incoming_id)
    with db.transaction() as session:
        assign(session, incoming_id, account_id, actor=OPERATOR)
        asked = left_in_the_outbox(session, FileAttachments.kind)

    first, second = (file_attachments(db, intake, incoming_id) for _ in range(2))

    assert (before, nobodys, asked) == ([], [], [{"incoming_id": incoming_id}])
    assert (len(first), second) == (2, [])
    with db.reading() as session:
        rows = session.execute(select(DOCUMENTS).where(DOCUMENTS.c.id.in_(first)).order_by(DOCUMENTS.c.id)).all()
    assert [(row.filename, row.media_type) for row in rows] == [("ramp.jpg", "image/jpeg"), ("list.txt", "text/plain")]
    assert {(row.category, row.account_id, row.subject_kind) for row in rows} == {
        (Category.CORRESPONDENCE, account_id, "incoming")
    }


def test_attachments_follow_a_mail_to_another_account_and_back(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        first, second = an_account(session).id, an_account(session).id
        message = a_message(session)
        keep_raw(session, store, message, a_mail_with_files(), actor=WORKER)
        incoming_id = message.id
    seen = []
    for account_id in (first, second, first):
        with db.transaction() as session:
            assign(session, incoming_id, account_id, actor=OPERATOR)
        file_attachments(db, Intake(store), incoming_id)
        with db.reading() as session:
            seen.append([len(listed(session, Wanted(each)).rows) for each in (first, second)])

    pack = a_pack(db, second, store=store)

    assert seen == [[2, 0], [0, 2], [2, 0]]
    assert not [path for path in pack.files if path.startswith("documents/")]


def test_a_mail_of_words_alone_has_none() -> None:
    plain = EmailMessage()
    plain.set_content("Only words.")
    plain.add_alternative("<p>Only words.</p>", subtype="html")

    assert not has_attachments(plain.as_bytes())
    assert has_attachments(a_mail_with_files())
    assert not has_attachments(b"")
