"""Thread: what was said about a dispute, with the files that came, and the lines of the invoice that it is about."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.disputes.model import DisputeHandling, DisputeLine, DisputeMessage, MessageKind
from domain.documents.model import DOCUMENTS, ERASURES, PICTURES
from domain.documents.seeing import shown_to
from domain.receivables.model import InvoiceLine
from domain.shared.db.rows import AnyRow, AnyRows

SUBJECT, MESSAGE = "dispute", "dispute_message"
"""How documents name what they came with: the dispute as it was raised, or a message of its thread."""


def thread(session: Session, dispute_id: int, *, with_notes: bool) -> AnyRows:
    """What was said, the first message first, also in disputes that have gone up in this one; notes are for staff."""
    wanted = (
        select(
            DisputeMessage.id,
            DisputeMessage.dispute_id,
            DisputeMessage.kind,
            DisputeMessage.from_us,
            DisputeMessage.words,
            DisputeMessage.at,
            DisputeMessage.actor_kind,
            DisputeMessage.actor_id,
        )
        .where(_of(dispute_id))
        .order_by(DisputeMessage.id)
    )
    if not with_notes:
        wanted = wanted.where(DisputeMessage.kind != MessageKind.NOTE)
    return session.execute(wanted).all()


def files(session: Session, dispute_id: int, *, with_notes: bool) -> dict[int | None, list[AnyRow]]:
    """The documents that came with each message, by its id; under None those that are about the dispute itself.

    Without notes only what a customer who sees the account may open. Each is a row as `documents.listing` has it.
    """
    messages = select(DisputeMessage.id).where(_of(dispute_id))
    if not with_notes:
        messages = messages.where(DisputeMessage.kind != MessageKind.NOTE)
    merged = select(DisputeHandling.dispute_id).where(DisputeHandling.merged_into_id == dispute_id)
    raised = or_(DOCUMENTS.c.subject_id == dispute_id, DOCUMENTS.c.subject_id.in_(merged))
    said = DOCUMENTS.c.subject_id.in_(messages)
    found = session.execute(
        select(DOCUMENTS, PICTURES.c.width.label("picture_width"), ERASURES.c.erased_at)
        .outerjoin(PICTURES, PICTURES.c.sha256 == DOCUMENTS.c.sha256)
        .outerjoin(ERASURES, ERASURES.c.document_id == DOCUMENTS.c.id)
        .where(true() if with_notes else shown_to({Right.VIEW}))
        .where(or_(and_(DOCUMENTS.c.subject_kind == SUBJECT, raised), and_(DOCUMENTS.c.subject_kind == MESSAGE, said)))
        .order_by(DOCUMENTS.c.id)
    )
    files: defaultdict[int | None, list[AnyRow]] = defaultdict(list)
    for row in found:
        files[row.subject_id if row.subject_kind == MESSAGE else None].append(row)
    return dict(files)


def lines(session: Session, dispute_id: int) -> AnyRows:
    """The lines of the invoice that a dispute is about, as they stand there: with what is contested of each."""
    return session.execute(
        select(InvoiceLine.id, InvoiceLine.position, InvoiceLine.description, DisputeLine.amount_minor)
        .join(InvoiceLine, InvoiceLine.id == DisputeLine.line_id)
        .where(DisputeLine.dispute_id == dispute_id)
        .order_by(InvoiceLine.position)
    ).all()


def _of(dispute_id: int) -> ColumnElement[bool]:
    merged = select(DisputeHandling.dispute_id).where(DisputeHandling.merged_into_id == dispute_id)
    return or_(DisputeMessage.dispute_id == dispute_id, DisputeMessage.dispute_id.in_(merged))
