"""Enclosing: the papers that go with a notice: a new invoice itself, the debit notes of late charges, a statement."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.wired import Wired
from domain.documents import queries as documents
from domain.dunning.courtesy_statements import statement_of
from domain.notices.model import Notice, NoticePart
from domain.policies.contacting import Wording
from domain.shared.actor import WORKER
from domain.shared.mail import Attachment
from domain.statements.papers import MEDIA_TYPE, print_invoice

WITH_INVOICES = frozenset({Wording.INVOICE, Wording.LATE_CHARGES})
"""The texts that bring the invoices, or the debit notes, of which they tell."""
MOST = 20
"""Papers to one notice: what is more is found behind its link."""


def enclosures(wired: Wired, notice_id: int) -> tuple[Attachment, ...]:
    """The papers of a notice, as PDF. Safe to repeat: a statement is issued once, and an invoice does not change."""
    with wired.database.reading() as session:
        notice = session.get_one(Notice, notice_id)
        if notice.wording in WITH_INVOICES:
            return tuple(_invoices(session, wired, notice))
    return (_statement(wired, notice),) if notice.wording is Wording.STATEMENT else ()


def _invoices(session: Session, wired: Wired, notice: Notice) -> Iterator[Attachment]:
    told = select(NoticePart.invoice_id).where(NoticePart.notice_id == notice.id).order_by(NoticePart.id).limit(MOST)
    for invoice_id in session.scalars(told).all():
        printed = print_invoice(session, wired.renderer, notice.account_id, invoice_id, language=notice.language)
        yield Attachment(printed.filename, printed.content, MEDIA_TYPE)


def _statement(wired: Wired, notice: Notice) -> Attachment:
    """The statement of its month, the very file that is kept: issued now where it was not yet."""
    with wired.database.transaction() as session:
        issued = statement_of(session, wired.store, wired.renderer, notice, actor=WORKER)
        document = documents.document(session, notice.account_id, issued.document_id)
    with wired.store.open(document.sha256) as stored:
        return Attachment(document.filename, stored.read(), MEDIA_TYPE)
