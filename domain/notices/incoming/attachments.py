"""Attachments: what came with a mail becomes documents of the account that the mail belongs to, for staff to find."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_binary_file, message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import BinaryIO, ClassVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.documents.filing import enter
from domain.documents.intake import MOST_FILES, Intake, TakenIn
from domain.documents.model import DOCUMENTS, Category, Document, Misfiling
from domain.documents.queries import IS_MISFILED
from domain.notices.incoming.model import Incoming
from domain.outbox.sending import Message
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from domain.shared.errors import Invalid

NAMELESS = "attachment"


class FileAttachments(Message, frozen=True):
    """A mail that has attachments belongs to an account now."""

    kind: ClassVar[str] = "file_attachments"
    incoming_id: int


@dataclass(frozen=True, slots=True)
class Attached:
    """One file that came with a mail."""

    filename: str
    file: BinaryIO


def has_attachments(raw: bytes) -> bool:
    """Whether anything came with a mail besides its words."""
    return bool(_parts(message_from_bytes(raw, policy=policy.default)))


def file_attachments(database: Database, intake: Intake, incoming_id: int) -> list[int]:
    """File what came with a mail as correspondence of its account, each content once; the ids of the new documents.

    What was filed under an account that the mail turned out not to belong to is misfiled, and shown there no more.

    What we do not keep (no kind of ours, damaged, a virus) stays in the mail alone. Raises Conflict where the scanner
    cannot be asked, so that the worker tries again.
    """
    with database.reading() as session:
        message = session.get_one(Incoming, incoming_id)
        raw = session.scalar(select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.id == message.document_id))
    if raw is None or message.account_id is None:
        return []
    with database.transaction() as session:
        _leave_others(session, _locked(session, incoming_id))
    with intake.store.open(raw) as content:
        sent = attached(content)
    taken = [one for each in sent if (one := _taken(intake, each)) is not None]
    with database.transaction() as session:
        message = _locked(session, incoming_id)
        return [document.id for one in taken if (document := _entered(session, message, one)) is not None]


def attached(raw: BinaryIO) -> list[Attached]:
    """The files of a mail, no more of them than a form may have."""
    mail = message_from_binary_file(raw, policy=policy.default)
    found = []
    for part in _parts(mail)[:MOST_FILES]:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append(Attached(part.get_filename(NAMELESS), BytesIO(content)))
    return found


def _parts(mail: EmailMessage) -> list[EmailMessage]:
    """The parts that are files; those of a mail within a mail are that mail's own."""
    if not mail.is_multipart():
        return []
    return [part for part in mail.iter_attachments() if not part.is_multipart()]


def _taken(intake: Intake, sent: Attached) -> TakenIn | None:
    try:
        return intake.take_in(sent)
    except Invalid:
        return None


def _locked(session: Session, incoming_id: int) -> Incoming:
    """The mail, as whoever assigns it holds it: nobody says meanwhile that it is another account's."""
    return session.get_one(Incoming, incoming_id, with_for_update=True, populate_existing=True)


def _leave_others(session: Session, message: Incoming) -> None:
    """Have the accounts that the mail does not belong to show what came with it no more."""
    wanted = _of(message).where(DOCUMENTS.c.account_id != message.account_id)
    session.add_all(Misfiling(document_id=document_id) for document_id in session.scalars(wanted).all())
    session.flush()


def _of(message: Incoming) -> Select[tuple[int]]:
    """The documents that came with the mail, but for those that are misfiled."""
    return select(DOCUMENTS.c.id).where(
        DOCUMENTS.c.subject_kind == "incoming", DOCUMENTS.c.subject_id == message.id, ~IS_MISFILED
    )


def _entered(session: Session, message: Incoming, taken: TakenIn) -> Document | None:
    """The new document; None where the same content of this mail is the account's already."""
    known = _of(message).where(DOCUMENTS.c.account_id == message.account_id, DOCUMENTS.c.sha256 == taken.sha256)
    if session.scalar(known.limit(1)) is not None:
        return None
    return enter(
        session,
        taken,
        category=Category.CORRESPONDENCE,
        account_id=message.account_id,
        subject=("incoming", message.id),
        actor=WORKER,
    )
