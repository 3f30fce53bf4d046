"""Arriving: one mail, wherever it came in: taken in once, filed as it came, and what it reports drawn upon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.documents.filing import file
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.notices.incoming import reports, taking_in
from domain.notices.incoming.attachments import FileAttachments, has_attachments
from domain.notices.incoming.matching import is_own_id
from domain.notices.incoming.model import Incoming
from domain.notices.incoming.reports import Outcome, Report
from domain.outbox.sending import add
from domain.policies.contacting import Channel
from domain.shared.actor import Actor

LARGEST = 30 * 1024 * 1024
"""Bytes of a mail that are read; mail servers take no larger ones."""
LARGEST_OF_A_STRANGER = 5 * 1024 * 1024
"""Bytes of a mail that are filed while nobody knows whose it is: a letter and a photograph, and no room to fill."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was read, in plain text; `automatic` where no person wrote it and nobody waits for an answer.

    `report` is what it reports, where it is a report.
    """

    message_id: str
    sender: str
    subject: str
    body: str
    written_at: datetime | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False
    report: Report | None = None


class Mailbox(Protocol):
    """Where mail waits for us."""

    def each(self, take: Taker, *, limit: int) -> int:
        """Hand over up to `limit` mails that wait, oldest first, and mark each that was taken; how many those were.

        Raises MailUnavailable where the mailbox cannot be read just now.
        """
        ...


class Taker(Protocol):
    """Whoever takes mails out of a mailbox."""

    def __call__(self, raw: bytes, /) -> bool:
        """Take one mail; whether it is safe with us, so that the mailbox may let go of it."""
        ...


def arrive(session: Session, mail: Mail, *, how: str, actor: Actor) -> Incoming | None:
    """Take a mail in and hear what it reports; None where it was here before, or is our own come back."""
    if is_own_id(mail.message_id):
        return None
    references = mail.report.references if mail.report else mail.references
    message = taking_in.take_in(
        session,
        message_id=mail.message_id,
        channel=Channel.EMAIL,
        sender=mail.sender,
        subject=mail.subject,
        body=mail.body,
        written_at=mail.written_at,
        references=references,
        needs_answer=_needs_answer(session, mail),
        is_report=mail.report is not None,
        actor=actor,
    )
    if message is None:
        return None
    if mail.report is not None:
        reports.hear(session, mail.report, how=how, actor=actor)
    return message


def keep_raw(session: Session, store: Store, message: Incoming, raw: bytes, *, actor: Actor) -> None:
    """File a mail as it came; where nobody knows whose it is and it is too large, its beginning, and that it was cut.

    Without an account: whose it is may change, and customers see the papers of their account.
    """
    is_cut = message.account_id is None and len(raw) > LARGEST_OF_A_STRANGER
    document = file(
        session,
        store,
        raw[:LARGEST_OF_A_STRANGER] if is_cut else raw,
        media_type="message/rfc822",
        category=Category.MESSAGE,
        filename=f"message-{message.id}{'-beginning' if is_cut else ''}.eml",
        account_id=None,
        subject=(taking_in.SUBJECT, message.id),
        actor=actor,
    )
    message.document_id = document.id
    if message.account_id is not None and has_attachments(raw):
        add(session, FileAttachments(message.id), account_id=message.account_id)
    if is_cut:
        audit.record(
            session,
            "message.cut_off",
            actor=actor,
            subject=(taking_in.SUBJECT, message.id),
            after={"size": len(raw), "kept": LARGEST_OF_A_STRANGER, "why": "too large for a mail of a stranger"},
        )


def _needs_answer(session: Session, mail: Mail) -> bool:
    """Whether somebody has to look: a report about something that we do not know may be news all the same."""
    if mail.report is None:
        return not mail.automatic
    harmless = mail.report.outcome in (Outcome.DELIVERED, Outcome.DELAYED)
    return not harmless and not reports.is_ours(session, mail.report)
