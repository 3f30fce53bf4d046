"""Lettering: letters that are made and wait for paper, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO

from pypdf import PdfWriter
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.documents import filing
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.notices.model import Notice, NoticeContent
from domain.notices.printing import MEDIA_TYPE, SUBJECT
from domain.policies.contacting import Channel, Wording
from domain.shared.actor import WORKER
from domain.shared.db.session import now
from tests.support.noticing import a_notice
from tests.support.pdfs import a_pdf


def a_letter(
    session: Session,
    store: Store,
    account: Account,
    *,
    lines: Sequence[str] = ("A letter",),
    pages: int = 1,
    wording: Wording = Wording.DEMAND,
) -> Notice:
    """A letter about all that is open, of so many pages; the first has these lines."""
    notice = a_notice(session, account, Channel.LETTER, wording=wording)
    document = filing.file(
        session,
        store,
        paper(lines, pages),
        media_type=MEDIA_TYPE,
        category=Category.NOTICE,
        filename="Letter.pdf",
        account_id=account.id,
        subject=(SUBJECT, notice.id),
        actor=WORKER,
    )
    content = NoticeContent(
        notice_id=notice.id,
        subject="Demand for payment",
        body="A letter",
        document_id=document.id,
        sha256=sha256(b"A letter").hexdigest(),
        made_at=now(session),
    )
    session.add(content)
    session.flush()
    return notice


def paper(lines: Sequence[str], pages: int = 1) -> bytes:
    """A PDF of so many pages; the first has these lines, the others are blank."""
    writer = PdfWriter(clone_from=BytesIO(a_pdf(lines)))
    for _ in range(pages - 1):
        writer.add_blank_page()
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
