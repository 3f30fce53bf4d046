"""Legal cases: what was claimed before which court and decided, with steps and costs for staff alone."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from domain.evidence.sections.parts import OURS, by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.legal_cases.model import CASE_NAMES, CaseChange, CaseInvoice, CaseNote, CourtCost, LegalCase, LegalStep
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

CASE = (
    LegalCase.id,
    LegalCase.court,
    LegalCase.number,
    LegalCase.status,
    LegalCase.outcome,
    LegalCase.currency,
    LegalCase.claimed_minor,
    LegalCase.filed_on,
    LegalCase.judgment_on,
    LegalCase.judgment_minor,
    LegalCase.costs_minor,
    LegalCase.rate_bp,
    LegalCase.note,
    LegalCase.opened_at,
    LegalCase.ended_at,
)
BETWEEN_US = (*OURS, "opened_at")
"""How we came to it: a customer gets what is before a court, and what it decided."""
INVOICE = (CaseInvoice.case_id, CaseInvoice.invoice_id, CaseInvoice.claimed_minor)
BROUGHT = (CaseNote.case_id, CaseNote.invoice_id, CaseNote.through_on)
CHANGE = (
    CaseChange.case_id,
    CaseChange.before,
    CaseChange.after,
    CaseChange.at,
    CaseChange.actor_kind,
    CaseChange.actor_id,
    CaseChange.why,
)
STEP = (
    LegalStep.case_id,
    LegalStep.kind,
    LegalStep.what,
    LegalStep.due_on,
    LegalStep.done_on,
    LegalStep.came_of_it,
    LegalStep.document_id,
)
COST = (CourtCost.case_id, CourtCost.what, CourtCost.paid_on, CourtCost.currency, CourtCost.amount_minor)


def section(sources: Sources) -> Section:
    """Every case about the pack's invoices; for a customer those alone that were filed."""
    where: list[ColumnElement[bool]] = [LegalCase.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        where.append(LegalCase.id.in_(select(CaseInvoice.case_id).where(*sources.about(CaseInvoice.invoice_id))))
    if not sources.for_staff:
        where.append(LegalCase.filed_on.is_not(None))
    ids = select(LegalCase.id).where(*where)
    rows = sources.rows(*CASE, where=where, order=LegalCase.id)
    if not rows:
        return Section(())
    parts = {"invoices": by_owner(sources, INVOICE, ids), "brought": by_owner(sources, BROUGHT, ids)}
    if sources.for_staff:
        parts |= {
            "changes": by_owner(sources, CHANGE, ids),
            "steps": by_owner(sources, STEP, ids),
            "costs": by_owner(sources, COST, ids),
        }
    told = put_together(sources, rows, parts, ours=BETWEEN_US)
    files: list[File] = [json_file("legal_cases/legal_cases.json", told)]
    shown = [
        [
            row.filed_on,
            row.court,
            row.number,
            Words.of(CASE_NAMES[row.status]),
            Money(row.claimed_minor, row.currency),
            None if row.judgment_minor is None else Money(row.judgment_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    head = (N_("Filed"), N_("Court"), N_("Number"), N_("State"), N_("Claimed"), N_("Judgment"))
    return Section(files, (Table(N_("Legal cases"), head, 4, shown, wide=1),))
