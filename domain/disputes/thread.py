"""Thread: what was said about a dispute, with the files that came, and the lines of the invoice that it is about."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import Right
from domain.disputes.model import Dispute, DisputeChange, DisputeHandling, DisputeLine, DisputeMessage, MessageKind
from domain.disputes.reasons import ANSWERED_BY
from domain.documents.filing import Subject
from domain.documents.model import DOCUMENTS, ERASURES, PICTURES
from domain.documents.seeing import shown_to
from domain.receivables.model import InvoiceLine
from domain.shared.db.rows import AnyRow, AnyRows

SUBJECT, MESSAGE, INVOICE = "dispute", "dispute_message", "invoice"
"""How documents name what they are about: the dispute, a message of its thread, the invoice that it contests."""


def complaints(session: Session, dispute_id: int) -> AnyRows:
    """What a dispute and those that have gone up in it began with, the oldest first: words, reason, when, who."""
    return session.execute(
        select(
            Dispute.id,
            Dispute.number,
            Dispute.reason,
            Dispute.words,
            Dispute.raised_at,
            DisputeChange.actor_kind,
            DisputeChange.actor_id,
        )
        .join(DisputeChange, and_(DisputeChange.dispute_id == Dispute.id, DisputeChange.before.is_(None)))
        .where(Dispute.id.in_(_together(dispute_id)))
        .order_by(Dispute.id)
    ).all()


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
        .where(DisputeMessage.dispute_id.in_(_together(dispute_id)))
        .order_by(DisputeMessage.id)
    )
    if not with_notes:
        wanted = wanted.where(DisputeMessage.kind != MessageKind.NOTE)
    return session.execute(wanted).all()


def files(session: Session, dispute_id: int, *, with_notes: bool) -> dict[Subject, list[AnyRow]]:
    """The documents about a dispute, each of its messages, and its invoice, by what they are about, in their order.

    Of the invoice's only the papers that answer a dispute by themselves. Without notes only what a customer who sees
    the account may open. Each is a row as `documents.listing` has it.
    """
    together = _together(dispute_id)
    messages = select(DisputeMessage.id).where(DisputeMessage.dispute_id.in_(together))
    if not with_notes:
        messages = messages.where(DisputeMessage.kind != MessageKind.NOTE)
    invoice = select(Dispute.invoice_id).where(Dispute.id == dispute_id)
    about, kind = DOCUMENTS.c.subject_id, DOCUMENTS.c.subject_kind
    answers = and_(kind == INVOICE, about.in_(invoice), DOCUMENTS.c.category.in_(ANSWERED_BY.values()))
    found = session.execute(
        select(DOCUMENTS, PICTURES.c.width.label("picture_width"), ERASURES.c.erased_at)
        .outerjoin(PICTURES, PICTURES.c.sha256 == DOCUMENTS.c.sha256)
        .outerjoin(ERASURES, ERASURES.c.document_id == DOCUMENTS.c.id)
        .where(true() if with_notes else shown_to({Right.VIEW}))
        .where(
            or_(
                and_(kind == SUBJECT, about.in_(together)),
                and_(kind == MESSAGE, about.in_(messages)),
                and_(answers, shown_to({Right.VIEW})),
            )
        )
        .order_by(DOCUMENTS.c.id)
    )
    files: defaultdict[Subject, list[AnyRow]] = defaultdict(list)
    for row in found:
        files[row.subject_kind, row.subject_id].append(row)
    return dict(files)


def lines(session: Session, dispute_id: int) -> AnyRows:
    """The lines of the invoice that a dispute is about, as they stand there: with what is contested of each."""
    return session.execute(
        select(InvoiceLine.id, InvoiceLine.position, InvoiceLine.description, DisputeLine.amount_minor)
        .join(InvoiceLine, InvoiceLine.id == DisputeLine.line_id)
        .where(DisputeLine.dispute_id == dispute_id)
        .order_by(InvoiceLine.position)
    ).all()


def _together(dispute_id: int) -> Select[tuple[int]]:
    """Selects a dispute and all that have gone up in it, also by way of others: all are about one invoice."""
    found = select(Dispute.id, Dispute.invoice_id).where(Dispute.id == dispute_id).cte("together", recursive=True)
    other = aliased(Dispute)
    gone_up = (
        select(other.id, other.invoice_id)
        .join(DisputeHandling, DisputeHandling.dispute_id == other.id)
        .join(found, and_(found.c.invoice_id == other.invoice_id, found.c.id == DisputeHandling.merged_into_id))
    )
    return select(found.union_all(gone_up).c.id)
