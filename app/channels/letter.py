"""Letter: a notice as a PDF in the house style, filed and ready to be printed; it is sent once it was posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from adapters.pdf.qr import qr_svg
from app.channels.outgoing import Handed, Outgoing
from app.wired import Wired
from domain.accounts.model import Account
from domain.documents import filing
from domain.documents.letterhead import letterhead
from domain.documents.merging import merged
from domain.documents.model import Category
from domain.documents.rendering import Paper
from domain.notices.printing import MEDIA_TYPE, SUBJECT, address_lines
from domain.notices.wording.composed import Composed
from domain.shared.actor import WORKER
from domain.shared.business import Business
from domain.shared.db.session import Database, business, now, today
from domain.shared.languages import formats
from domain.statements.papers import bank_of

TEMPLATE = "notice"


def send(wired: Wired, outgoing: Outgoing) -> Handed:
    """Make the letter with what it encloses, and file it."""
    made = wired.renderer.render(TEMPLATE, _paper(wired.database, outgoing), outgoing.said.language)
    content = merged([made, *(each.content for each in outgoing.attachments)])
    with wired.database.transaction() as session:
        document = filing.file(
            session,
            wired.store,
            content,
            media_type=MEDIA_TYPE,
            category=Category.NOTICE,
            filename=f"{outgoing.said.subject} {outgoing.account_number}.pdf",
            account_id=outgoing.account_id,
            subject=(SUBJECT, outgoing.notice_id),
            actor=WORKER,
        )
        return Handed(outgoing.said.plain(), document_id=document.id, sent=False)


def _paper(database: Database, outgoing: Outgoing) -> Paper:
    with database.reading() as session:
        return paper(
            outgoing.said,
            business(session),
            to=address_lines(session.get_one(Account, outgoing.account_id).name, outgoing.name, outgoing.address),
            account_number=outgoing.account_number,
            on=today(session),
            made_at=now(session),
        )


def paper(
    said: Composed, ours: Business, *, to: Sequence[str], account_number: str, on: date, made_at: datetime
) -> Paper:
    """What the letter says, all of it in the notice's own language already."""
    return {
        "made_at": made_at,
        "language": said.language,
        "labels": said.labels,
        "business": letterhead(ours),
        "customer": {"lines": list(to), "number": account_number},
        "on": formats(said.language, ours.time_zone).day(on),
        "subject": said.subject,
        "greeting": said.greeting,
        "paragraphs": said.paragraphs,
        "rows": [
            {
                "number": row.number if row.name == said.labels["number"] else f"{row.name} {row.number}",
                "issued": row.issued_on,
                "due": row.due_on,
                "days_late": row.days_late,
                "asked": row.asked,
                "left_out": row.left_out,
            }
            for row in said.rows
        ],
        "total": said.total,
        "act_by": said.act_by,
        "reference": said.reference,
        "sender": said.sender,
        "link": said.link,
        "qr": qr_svg(said.link) if said.link else None,
        "bank": bank_of(ours),
    }
