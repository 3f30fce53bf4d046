"""Disputes: what was contested and why, every step, how it ended, and the papers that are filed on it."""

from __future__ import annotations

from sqlalchemy import select

from domain.disputes.model import Dispute, DisputeChange
from domain.documents.model import DOCUMENTS
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.shared.errors import N_
from domain.shared.money import Money

FOLDER = "disputes"
DISPUTE = (
    Dispute.id,
    Dispute.number,
    Dispute.invoice_id,
    Dispute.currency,
    Dispute.amount_minor,
    Dispute.reason,
    Dispute.words,
    Dispute.status,
    Dispute.outcome,
    Dispute.answer,
    Dispute.credited_minor,
    Dispute.raised_at,
    Dispute.ended_at,
)
CHANGE = (
    DisputeChange.dispute_id,
    DisputeChange.before,
    DisputeChange.after,
    DisputeChange.at,
    DisputeChange.actor_kind,
    DisputeChange.actor_id,
    DisputeChange.why,
)


def section(sources: Sources) -> Section:
    """Every dispute about the pack's invoices."""
    where = [Dispute.account_id == sources.account.id, *sources.about(Dispute.invoice_id)]
    ids = select(Dispute.id).where(*where)
    rows = sources.rows(*DISPUTE, where=where, order=Dispute.id)
    if not rows:
        return Section(())
    files: list[File] = [
        json_file(f"{FOLDER}/disputes.json", put_together(sources, rows, {"changes": by_owner(sources, CHANGE, ids)}))
    ]
    papers = select(DOCUMENTS.c.id).where(DOCUMENTS.c.subject_kind == "dispute", DOCUMENTS.c.subject_id.in_(ids))
    for document_id in sources.session.scalars(papers.order_by(DOCUMENTS.c.id)).all():
        files += sources.document(FOLDER, document_id)
    head = (N_("Dispute"), N_("Invoice"), N_("Raised"), N_("State"), N_("Outcome"), N_("Amount"))
    shown = [
        [
            row.number,
            sources.numbers.get(row.invoice_id),
            row.raised_at.date(),
            row.status.value.replace("_", " "),
            row.outcome.value.replace("_", " ") if row.outcome else None,
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    return Section(files, (Table(N_("Disputes"), head, 5, shown),))
