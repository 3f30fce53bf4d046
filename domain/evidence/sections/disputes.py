"""Disputes: what was contested and why, what both sides wrote, every step, how it ended, and the files of each."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select

from domain.disputes.model import (
    DISPUTE_NAMES,
    OUTCOME_NAMES,
    Dispute,
    DisputeChange,
    DisputeLine,
    DisputeMessage,
    MessageKind,
)
from domain.disputes.reasons import REASON_NAMES
from domain.documents.model import DOCUMENTS
from domain.evidence.layout import safe_part
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Record, Section, Sources, Table, json_file
from domain.receivables.model import InvoiceLine
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

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
LINE = (DisputeLine.dispute_id, InvoiceLine.position, InvoiceLine.description, DisputeLine.amount_minor)
MESSAGE = (
    DisputeMessage.dispute_id,
    DisputeMessage.kind,
    DisputeMessage.from_us,
    DisputeMessage.words,
    DisputeMessage.at,
    DisputeMessage.actor_kind,
    DisputeMessage.actor_id,
)


def section(sources: Sources) -> Section:
    """Every dispute about the pack's invoices."""
    where = [Dispute.account_id == sources.account.id, *sources.about(Dispute.invoice_id)]
    ids = select(Dispute.id).where(*where)
    rows = sources.rows(*DISPUTE, where=where, order=Dispute.id)
    if not rows:
        return Section(())
    parts = {
        "lines": _lines(sources, ids),
        "thread": _thread(sources, ids),
        "changes": by_owner(sources, CHANGE, ids),
    }
    files: list[File] = [json_file(f"{FOLDER}/disputes.json", put_together(sources, rows, parts, ours=()))]
    for row in rows:
        files += _filed(sources, row.id, f"{FOLDER}/{safe_part(row.number)}")
    head = (N_("Dispute"), N_("Invoice"), N_("Raised"), N_("Reason"), N_("State"), N_("Outcome"), N_("Amount"))
    shown = [
        [
            row.number,
            sources.numbers.get(row.invoice_id),
            row.raised_at.date(),
            Words.of(REASON_NAMES[row.reason]),
            Words.of(DISPUTE_NAMES[row.status]),
            None if row.outcome is None else Words.of(OUTCOME_NAMES[row.outcome]),
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    return Section(files, (Table(N_("Disputes"), head, 6, shown, wide=3),))


def _lines(sources: Sources, ids: Select[int]) -> dict[int, list[Record]]:
    """Which lines of the invoice are contested, and how much of each."""
    found: dict[int, list[Record]] = {}
    rows = sources.session.execute(
        select(*LINE)
        .join(InvoiceLine, InvoiceLine.id == DisputeLine.line_id)
        .where(DisputeLine.dispute_id.in_(ids))
        .order_by(DisputeLine.dispute_id, InvoiceLine.position)
    )
    for row in rows:
        record = sources.record(row)
        record.pop("dispute_id")
        found.setdefault(row.dispute_id, []).append(record)
    return found


def _thread(sources: Sources, ids: Select[int]) -> dict[int, list[Record]]:
    """What was written, in order; notes among staff only where staff get the pack."""
    found = by_owner(sources, MESSAGE, ids)
    if sources.for_staff:
        return found
    return {owner: [one for one in thread if one["kind"] != MessageKind.NOTE] for owner, thread in found.items()}


def _filed(sources: Sources, dispute_id: int, folder: str) -> list[File]:
    """The papers that came with the dispute, and with what both sides wrote."""
    visible: list[ColumnElement[bool]] = [] if sources.for_staff else [DisputeMessage.kind != MessageKind.NOTE]
    messages = select(DisputeMessage.id).where(DisputeMessage.dispute_id == dispute_id, *visible)
    papers = or_(
        and_(DOCUMENTS.c.subject_kind == "dispute", DOCUMENTS.c.subject_id == dispute_id),
        and_(DOCUMENTS.c.subject_kind == "dispute_message", DOCUMENTS.c.subject_id.in_(messages)),
    )
    return sources.documents(folder, papers)
